// The search box and the copy buttons. Without it every page can be read and reached all the same.
"use strict";

const root = document.body.dataset.root;

/** Words of a name as a person types them: OrderPlaced is "order placed", too. */
const words = (text) => text.replace(/([a-z0-9])([A-Z])/g, "$1 $2");

function startSearch() {
  const box = document.querySelector(".search");
  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const told = document.getElementById("told");
  const index = new MiniSearch({
    fields: ["title", "words", "text"],
    storeFields: ["title", "kind", "summary"],
    searchOptions: { prefix: true, fuzzy: 0.15, combineWith: "AND", boost: { title: 6, words: 4 } },
  });
  index.addAll(SEARCH_INDEX.map((entry) => ({ ...entry, words: words(entry.title), text: `${entry.text} ${words(entry.text)}` })));
  let found = [];
  let chosen = -1;

  function choose(position) {
    chosen = position;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[chosen].id);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function item(entry, at) {
    const element = document.createElement("li");
    element.id = `found-${at}`;
    element.setAttribute("role", "option");
    const parts = [["span", entry.kind], ["b", entry.title], ["small", entry.summary]];
    for (const [name, text] of parts) element.append(Object.assign(document.createElement(name), { textContent: text }));
    element.addEventListener("mousedown", (pressed) => pressed.preventDefault());
    element.addEventListener("click", () => go(at));
    return element;
  }

  function show() {
    const asked = input.value.trim();
    found = asked ? index.search(asked).slice(0, 12) : [];
    list.replaceChildren(...found.map(item));
    if (asked && !found.length) {
      const none = Object.assign(document.createElement("li"), { className: "none", textContent: "Nothing found." });
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      list.append(none);
    }
    told.textContent = asked ? `${found.length || "Nothing"} found` : "";
    list.hidden = !asked;
    input.setAttribute("aria-expanded", String(Boolean(asked)));
    choose(found.length ? 0 : -1);
  }

  const go = (at) => {
    if (!found[at]) return;
    close();
    location.href = root + found[at].id;
  };

  input.addEventListener("input", show);
  input.addEventListener("focus", show);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (pressed) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[pressed.key];
    if (step && found.length) choose((chosen + step + found.length) % found.length);
    else if (pressed.key === "Enter") go(chosen);
    else if (pressed.key === "Escape" && !list.hidden) close();
    else return;
    pressed.preventDefault();
  });
  document.addEventListener("keydown", (pressed) => {
    const typing = /^(input|textarea|select)$/i.test(document.activeElement.tagName);
    if (pressed.key === "/" && !typing && !pressed.ctrlKey && !pressed.metaKey && !pressed.altKey) {
      pressed.preventDefault();
      input.focus();
      input.select();
    }
  });
  box.hidden = false;
}

function offerCopies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll(".copy")) {
    const label = button.firstChild;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      label.textContent = "Copied";
      setTimeout(() => (label.textContent = "Copy"), 1500);
    });
  }
}

startSearch();
offerCopies();

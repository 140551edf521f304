import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";

import type { Suggestions } from "@/api/types";
import { Icon } from "@/components/Icon";
import { formatted } from "@/components/money";
import { Picture } from "@/components/Picture";
import { suggestionsQuery } from "@/features/search/queries";

const PAUSE_MS = 120;

interface Option {
  key: string;
  to: string;
  label: string;
  picture?: string;
  detail?: string;
}

/** The search of the shop: what is typed leads to a list; suggestions lead there at once, or to a product. */
export function SearchBox() {
  const { pathname, search } = useLocation();
  const asked = pathname === "/search" ? (new URLSearchParams(search).get("q") ?? "") : "";
  // Another page, or another question: it begins anew with what the address says.
  return <Combobox key={`${pathname}?${asked}`} asked={asked} />;
}

function Combobox({ asked }: { asked: string }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(asked);
  const paused = usePaused(typed.trim());
  const { data } = useQuery(suggestionsQuery(paused));
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);

  const options = typed.trim().length > 1 && data ? optionsOf(data) : [];
  const shown = open && options.length > 0;
  const chosen = shown ? options[active] : undefined;

  function go(to: string): void {
    setOpen(false);
    input.current?.blur();
    void navigate(to);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape" && shown) {
      event.preventDefault();
      setOpen(false);
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: the text itself.
      const places = options.length + 1;
      setActive((at) => ((at + 1 + step + places) % places) - 1);
    }
  }

  return (
    <form
      role="search"
      className="relative"
      onSubmit={(event) => {
        event.preventDefault();
        go(chosen?.to ?? searchFor(typed));
      }}
    >
      <Icon name="search" className="pointer-events-none absolute top-3 left-3.5 size-5 text-muted" />
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label="Search the shop"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={`${id}-options`}
        aria-activedescendant={chosen ? `${id}-${chosen.key}` : undefined}
        placeholder="Search the shop"
        autoComplete="off"
        maxLength={200}
        value={typed}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(-1);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        className="min-h-11 w-full rounded-full border border-edge bg-sheet py-2 pr-4 pl-11 text-ink placeholder:text-muted [&::-webkit-search-cancel-button]:hidden"
      />
      <div
        id={`${id}-options`}
        role="listbox"
        aria-label="Suggestions"
        hidden={!shown}
        className="absolute inset-x-0 top-full z-20 mt-2 overflow-hidden rounded-sheet border border-line bg-sheet py-2 shadow-raised"
      >
        {options.map((option, index) => (
          // The keyboard is the input's: it moves along the options and chooses with Enter.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={option.key}
            id={`${id}-${option.key}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(option.to)}
            className="flex min-h-11 cursor-pointer items-center gap-3 px-3.5 py-1.5 hover:bg-sunken aria-selected:bg-sunken"
          >
            {option.picture === undefined ? (
              <Icon name="search" className="size-5 text-muted" />
            ) : (
              <span className="w-11 shrink-0">
                <Picture src={option.picture} alt="" className="rounded-small" />
              </span>
            )}
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            {option.detail && <span className="text-muted tabular-nums">{option.detail}</span>}
          </div>
        ))}
      </div>
      <p role="status" className="sr-only">
        {shown && `${options.length} suggestions`}
      </p>
    </form>
  );
}

/** The text, once nothing has been typed for a moment. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

function searchFor(text: string): string {
  const q = text.trim();
  return q ? `/search?${new URLSearchParams({ q })}` : "/search";
}

function optionsOf({ queries, products }: Suggestions): Option[] {
  return [
    ...queries.map((query, index) => ({ key: `q${index}`, to: searchFor(query), label: query })),
    ...products.map(({ productId, name, imageUrl, price }, index) => ({
      key: `p${index}`,
      to: `/p/${productId}`,
      label: name,
      picture: imageUrl,
      detail: formatted(price),
    })),
  ];
}

import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { type To, useLocation, useNavigate } from "react-router";

import type { Suggestions } from "@/api/types";
import { Icon } from "@/components/Icon";
import { formatMoney } from "@/components/money";
import { path } from "@/components/path";
import { ProductImage } from "@/components/ProductImage";
import { suggestionsQuery } from "@/features/search/queries";
import { EVERYTHING, searchLocation } from "@/features/search/searchCriteria";

const DEBOUNCE_MS = 120;

interface SearchOption {
  key: string;
  to: To;
  label: string;
  imageUrl?: string;
  detail?: string;
}

/** The search field with suggestions of queries and products. */
export function SearchBox() {
  const { pathname, search } = useLocation();
  const query = pathname === "/search" ? (new URLSearchParams(search).get("q") ?? "") : "";
  // The key resets the field to the query of the URL after a navigation.
  return <Combobox key={`${pathname}?${query}`} initialText={query} />;
}

function Combobox({ initialText }: { initialText: string }) {
  const navigate = useNavigate();
  const [text, setText] = useState(initialText);
  const debouncedText = useDebounced(text.trim());
  const { data } = useQuery(suggestionsQuery(debouncedText));
  const [isOpen, setOpen] = useState(false);
  const [activeIndex, setActiveIndex] = useState(-1);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);

  const options = text.trim().length > 1 && data ? toOptions(data) : [];
  const isExpanded = isOpen && options.length > 0;
  const activeOption = isExpanded ? options[activeIndex] : undefined;

  function go(to: To): void {
    setOpen(false);
    input.current?.blur();
    void navigate(to);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape" && isExpanded) {
      event.preventDefault();
      setOpen(false);
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One position more than there are options: the text itself.
      const positions = options.length + 1;
      setActiveIndex((index) => ((index + 1 + step + positions) % positions) - 1);
    }
  }

  return (
    <form
      role="search"
      className="relative"
      onSubmit={(event) => {
        event.preventDefault();
        go(activeOption?.to ?? queryLocation(text));
      }}
    >
      <Icon name="search" className="pointer-events-none absolute top-3 left-3.5 size-5 text-muted" />
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label="Search the shop"
        aria-autocomplete="list"
        aria-expanded={isExpanded}
        aria-controls={`${id}-options`}
        aria-activedescendant={activeOption ? `${id}-${activeOption.key}` : undefined}
        placeholder="Search the shop"
        autoComplete="off"
        maxLength={200}
        value={text}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          setText(event.target.value);
          setActiveIndex(-1);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        className="min-h-11 w-full rounded-full border border-edge bg-sheet py-2 pr-4 pl-11 text-ink placeholder:text-muted [&::-webkit-search-cancel-button]:hidden"
      />
      <div
        id={`${id}-options`}
        role="listbox"
        aria-label="Suggestions"
        hidden={!isExpanded}
        className="absolute inset-x-0 top-full z-20 mt-2 overflow-hidden rounded-sheet border border-line bg-sheet py-2 shadow-raised"
      >
        {options.map((option, index) => (
          // The input handles the keyboard: arrow keys move along the options, Enter selects.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={option.key}
            id={`${id}-${option.key}`}
            role="option"
            aria-selected={index === activeIndex}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(option.to)}
            className="flex min-h-11 cursor-pointer items-center gap-3 px-3.5 py-1.5 hover:bg-sunken aria-selected:bg-sunken"
          >
            {option.imageUrl === undefined ? (
              <Icon name="search" className="size-5 text-muted" />
            ) : (
              <span className="w-11 shrink-0">
                <ProductImage src={option.imageUrl} alt="" className="rounded-small" />
              </span>
            )}
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            {option.detail && <span className="text-muted tabular-nums">{option.detail}</span>}
          </div>
        ))}
      </div>
      <p role="status" className="sr-only">
        {isExpanded && `${options.length} suggestions`}
      </p>
    </form>
  );
}

/** Returns the text once it has not changed for DEBOUNCE_MS. */
function useDebounced(text: string): string {
  const [debounced, setDebounced] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(text), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return debounced;
}

function queryLocation(text: string): To {
  return searchLocation({ ...EVERYTHING, q: text.trim() });
}

function toOptions({ queries, products }: Suggestions): SearchOption[] {
  return [
    ...queries.map((query, index) => ({ key: `q${index}`, to: queryLocation(query), label: query })),
    ...products.map(({ productId, name, imageUrl, price }, index) => ({
      key: `p${index}`,
      to: path`/p/${productId}`,
      label: name,
      imageUrl,
      detail: formatMoney(price),
    })),
  ];
}

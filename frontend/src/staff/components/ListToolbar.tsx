import { type ReactNode, useEffect, useId, useRef, useState } from "react";

import { Icon } from "@/components/Icon";
import { useShortcuts } from "@/staff/components/shortcuts";

const TYPING_PAUSE_MS = 250;
const CONTROL = "min-h-9 rounded-control border border-edge bg-sheet px-2.5 text-ink placeholder:text-muted";

/** The search and the filters above a list. */
export function ListToolbar({ children }: { children: ReactNode }) {
  return (
    <div role="search" className="on-screen mb-3 flex flex-wrap items-center gap-2">
      {children}
    </div>
  );
}

interface SearchFieldProps {
  /** What is searched, such as "Search by number, e-mail or name". */
  label: string;
  value: string;
  /** Called when the typing pauses. */
  onChange: (value: string) => void;
}

/** Searches a list while one types. `/` leads here, Escape leads out. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  // The address has changed: by going back, or by clearing the filters.
  if (value !== shown) {
    setShown(value);
    if (value !== typed.trim()) setTyped(value);
  }
  useShortcuts([
    {
      keys: "[Shift]+/",
      label: "Search",
      run: () => {
        field.current?.focus();
        field.current?.select();
      },
    },
  ]);

  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);

  return (
    <div className="relative min-w-56 flex-1">
      <Icon name="search" className="pointer-events-none absolute top-1/2 left-2.5 size-4.5 -translate-y-1/2 text-muted" />
      <input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === "Escape") currentTarget.blur();
          if (key === "Enter") onChange(typed.trim());
        }}
        className={`${CONTROL} w-full pr-9 pl-9`}
      />
      <kbd aria-hidden="true" className="keycap pointer-events-none absolute top-1/2 right-2 -translate-y-1/2">
        /
      </kbd>
    </div>
  );
}

interface FilterSelectProps {
  label: string;
  value: string;
  /** Values and their names; the first is the one that filters nothing. */
  options: readonly (readonly [value: string, name: string])[];
  onChange: (value: string) => void;
}

export function FilterSelect({ label, value, options, onChange }: FilterSelectProps) {
  return (
    <select aria-label={label} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)} className={CONTROL}>
      {options.map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface FilterDateProps {
  label: string;
  /** A day such as `2026-12-01`; empty for none. */
  value: string;
  onChange: (value: string) => void;
}

export function FilterDate({ label, value, onChange }: FilterDateProps) {
  const id = useId();
  return (
    <span className="flex items-center gap-1.5">
      <label htmlFor={id} className="text-muted">
        {label}
      </label>
      <input id={id} type="date" value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)} className={CONTROL} />
    </span>
  );
}

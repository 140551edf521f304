import { useState } from "react";

import { Icon } from "@/components/Icon";

interface QuantityStepperProps {
  /** The product's name, part of every label. */
  name: string;
  value: number;
  onChange: (quantity: number) => void;
  /** The available units; the server makes the final check. */
  max?: number | undefined;
}

/** A quantity with two buttons and a number field. Typed numbers are committed on Enter or blur. */
export function QuantityStepper({ name, value, onChange, max }: QuantityStepperProps) {
  const [draft, setDraft] = useState<string>();
  const clamp = (quantity: number) => Math.max(1, max === undefined ? quantity : Math.min(max, quantity));

  function commit(): void {
    const quantity = Number.parseInt(draft ?? "", 10);
    setDraft(undefined);
    if (Number.isInteger(quantity) && clamp(quantity) !== value) onChange(clamp(quantity));
  }

  const buttonClasses =
    "flex size-11 items-center justify-center text-ink hover:bg-sunken disabled:cursor-default disabled:text-edge disabled:hover:bg-transparent";
  return (
    <div role="group" aria-label={`Quantity of ${name}`} className="inline-flex rounded-control border border-edge bg-sheet">
      <button
        type="button"
        aria-label={`One less of ${name}`}
        disabled={value <= 1}
        onClick={() => onChange(clamp(value - 1))}
        className={`${buttonClasses} rounded-l-control`}
      >
        <Icon name="minus" className="size-4" />
      </button>
      <input
        inputMode="numeric"
        aria-label={`Quantity of ${name}`}
        value={draft ?? value}
        onChange={({ target }) => {
          // An unchanged state does not render, so the field would keep the typed text.
          target.value = target.value.replace(/\D/g, "").slice(0, 3);
          setDraft(target.value);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            commit();
          }
        }}
        className="w-10 bg-transparent text-center font-semibold tabular-nums"
      />
      <button
        type="button"
        aria-label={`One more of ${name}`}
        disabled={max !== undefined && value >= max}
        onClick={() => onChange(clamp(value + 1))}
        className={`${buttonClasses} rounded-r-control`}
      >
        <Icon name="plus" className="size-4" />
      </button>
    </div>
  );
}

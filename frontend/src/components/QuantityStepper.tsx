import { useState } from "react";

import { Icon } from "@/components/Icon";

interface QuantityStepperProps {
  /** Of what; it is part of every label. */
  name: string;
  value: number;
  onChange: (quantity: number) => void;
  min?: number;
  /** As many as can be had; the server judges in the end. */
  max?: number | undefined;
  disabled?: boolean;
}

/** How many: two buttons, and a number that can be typed. What is typed counts on Enter or when it is left. */
export function QuantityStepper({ name, value, onChange, min = 1, max, disabled = false }: QuantityStepperProps) {
  const [typed, setTyped] = useState<string>();
  const within = (quantity: number) => Math.max(min, max === undefined ? quantity : Math.min(max, quantity));

  function commit(): void {
    const quantity = Number.parseInt(typed ?? "", 10);
    setTyped(undefined);
    if (Number.isInteger(quantity) && within(quantity) !== value) onChange(within(quantity));
  }

  const step =
    "flex size-11 items-center justify-center text-ink hover:bg-sunken disabled:cursor-default disabled:text-edge disabled:hover:bg-transparent";
  return (
    <div role="group" aria-label={`Quantity of ${name}`} className="inline-flex rounded-control border border-edge bg-sheet">
      <button
        type="button"
        aria-label={`One less of ${name}`}
        disabled={disabled || value <= min}
        onClick={() => onChange(within(value - 1))}
        className={`${step} rounded-l-control`}
      >
        <Icon name="minus" className="size-4" />
      </button>
      <input
        inputMode="numeric"
        aria-label={`Quantity of ${name}`}
        disabled={disabled}
        value={typed ?? value}
        onChange={({ target }) => {
          // Where the state stays the same, nothing is rendered and the field would keep what was typed.
          target.value = target.value.replace(/\D/g, "").slice(0, 3);
          setTyped(target.value);
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
        disabled={disabled || (max !== undefined && value >= max)}
        onClick={() => onChange(within(value + 1))}
        className={`${step} rounded-r-control`}
      >
        <Icon name="plus" className="size-4" />
      </button>
    </div>
  );
}

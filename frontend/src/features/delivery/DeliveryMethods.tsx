import type { DeliveryOption } from "@/api/types";
import { formatMoney } from "@/components/money";
import { formatArrival } from "@/features/delivery/arrival";

interface DeliveryMethodsProps {
  options: readonly DeliveryOption[];
  chosen: DeliveryOption;
  onChoose: (method: string) => void;
}

/** The ways to deliver an order, with price and days, to be chosen from. */
export function DeliveryMethods({ options, chosen, onChoose }: DeliveryMethodsProps) {
  return (
    <div role="radiogroup" aria-label="Delivery" className="grid gap-3">
      {options.map((option) => (
        <label
          key={option.method}
          className="flex items-start gap-3 rounded-control border border-edge px-4 py-3 has-checked:border-action has-checked:bg-tint"
        >
          <input
            type="radio"
            name="delivery"
            value={option.method}
            checked={option.method === chosen.method}
            onChange={() => onChoose(option.method)}
            className="mt-1 size-4.5 shrink-0"
          />
          <span className="min-w-0 flex-1">
            <span className="block font-semibold">{option.label}</span>
            <span className="block text-small text-muted">Arrives {formatArrival(option)}</span>
          </span>
          <span className="font-semibold">{option.price.amount === 0 ? "Free" : formatMoney(option.price)}</span>
        </label>
      ))}
    </div>
  );
}

import type { Money } from "@/api/types";
import { formatted } from "@/components/money";

interface PriceProps {
  price: Money;
  /** What it cost before, where it is reduced. */
  before?: Money | null | undefined;
  className?: string;
}

export function Price({ price, before, className = "" }: PriceProps) {
  if (!before) return <span className={`tabular-nums ${className}`}>{formatted(price)}</span>;
  return (
    <span className={`tabular-nums ${className}`}>
      <span className="sr-only">Now </span>
      <span className="text-notable">{formatted(price)}</span>{" "}
      <s className="font-normal text-muted">
        <span className="sr-only">, before </span>
        {formatted(before)}
      </s>
    </span>
  );
}

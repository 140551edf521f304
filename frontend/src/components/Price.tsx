import type { Money } from "@/api/types";
import { formatMoney } from "@/components/money";

interface PriceProps {
  price: Money;
  /** The previous price of a reduced product. */
  compareAt?: Money | null | undefined;
  className?: string;
}

export function Price({ price, compareAt, className = "" }: PriceProps) {
  if (!compareAt) return <span className={`tabular-nums ${className}`}>{formatMoney(price)}</span>;
  return (
    <span className={`tabular-nums ${className}`}>
      <span className="sr-only">Now </span>
      <span className="text-notable">{formatMoney(price)}</span>{" "}
      <s className="font-normal text-muted">
        <span className="sr-only">, before </span>
        {formatMoney(compareAt)}
      </s>
    </span>
  );
}

import type { Cart } from "@/api/types";
import { Button } from "@/components/Button";
import { formatted } from "@/components/money";
import { differences } from "@/features/checkout/difference";

interface PriceChangeProps {
  seen: Cart;
  now: Cart;
  onAccept: (cart: Cart) => void;
  onRefuse: () => void;
}

/** The difference between what the shopper saw and what it costs now, to be accepted or not. */
export function PriceChange({ seen, now, onAccept, onRefuse }: PriceChangeProps) {
  return (
    <>
      <p>It has changed since you looked. Nothing was charged.</p>
      <table className="my-4 w-full text-left">
        <thead className="text-small text-muted">
          <tr>
            <th scope="col" className="font-normal">
              <span className="sr-only">What</span>
            </th>
            <th scope="col" className="pr-4 text-right font-normal">
              You saw
            </th>
            <th scope="col" className="text-right font-normal">
              Now
            </th>
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {differences(seen, now).map(({ name, before, after }) => (
            <tr key={name} className="border-t border-line align-top">
              <th scope="row" className="py-1.5 pr-4 font-normal">
                {name}
              </th>
              <td className="py-1.5 pr-4 text-right">{worded(before)}</td>
              <td className="py-1.5 text-right font-semibold">{worded(after)}</td>
            </tr>
          ))}
          <tr className="border-t border-edge font-semibold">
            <th scope="row" className="py-1.5">
              Total
            </th>
            <td className="py-1.5 pr-4 text-right">{formatted(seen.total)}</td>
            <td className="py-1.5 text-right">{formatted(now.total)}</td>
          </tr>
        </tbody>
      </table>
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => onAccept(now)}>Pay {formatted(now.total)}</Button>
        <Button look="quiet" onClick={onRefuse}>
          Do not buy yet
        </Button>
      </div>
    </>
  );
}

function worded(part: { price: Cart["total"]; quantity: number } | null): string {
  if (part === null) return "–";
  return part.quantity === 1 ? formatted(part.price) : `${part.quantity} × ${formatted(part.price)}`;
}

import type { Cart } from "@/api/types";
import { Button } from "@/components/Button";
import { formatMoney } from "@/components/money";
import { diffCarts } from "@/features/checkout/cartDiff";

interface PriceChangeProps {
  seenCart: Cart;
  currentCart: Cart;
  onAccept: (cart: Cart) => void;
  onDecline: () => void;
}

/** Shows what has changed since the shopper saw the cart, to be accepted or declined. */
export function PriceChange({ seenCart, currentCart, onAccept, onDecline }: PriceChangeProps) {
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
          {diffCarts(seenCart, currentCart).map(({ name, before, after }) => (
            <tr key={name} className="border-t border-line align-top">
              <th scope="row" className="py-1.5 pr-4 font-normal wrap-anywhere">
                {name}
              </th>
              <td className="py-1.5 pr-4 text-right">{formatPart(before)}</td>
              <td className="py-1.5 text-right font-semibold">{formatPart(after)}</td>
            </tr>
          ))}
          <tr className="border-t border-edge font-semibold">
            <th scope="row" className="py-1.5">
              Total
            </th>
            <td className="py-1.5 pr-4 text-right">{formatMoney(seenCart.total)}</td>
            <td className="py-1.5 text-right">{formatMoney(currentCart.total)}</td>
          </tr>
        </tbody>
      </table>
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => onAccept(currentCart)}>Pay {formatMoney(currentCart.total)}</Button>
        <Button variant="secondary" onClick={onDecline}>
          Do not buy yet
        </Button>
      </div>
    </>
  );
}

function formatPart(part: { price: Cart["total"]; quantity: number } | null): string {
  if (part === null) return "–";
  return part.quantity === 1 ? formatMoney(part.price) : `${part.quantity} × ${formatMoney(part.price)}`;
}

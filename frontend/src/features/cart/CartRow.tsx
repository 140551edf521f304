import { Link } from "react-router";

import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { ProductImage } from "@/components/ProductImage";
import { QuantityStepper } from "@/components/QuantityStepper";
import type { CartChange } from "@/features/cart/changes";
import { getNoticeMessage, isBlocking } from "@/features/cart/notices";
import type { CartView } from "@/features/cart/useCart";

export type CartViewLine = CartView["lines"][number];

interface CartRowProps {
  line: CartViewLine;
  onChange: (change: CartChange) => void;
  onRemove: () => void;
}

export function CartRow({ line, onChange, onRemove }: CartRowProps) {
  const { productId, name, quantity, unitPrice, lineTotal, imageUrl, available, notice } = line;
  const isAvailable = notice?.code !== "UNAVAILABLE";
  return (
    <article className="grid grid-cols-[5.5rem_1fr] gap-x-4 gap-y-3 py-5 sm:grid-cols-[7rem_1fr_auto]">
      <ProductImage src={imageUrl} alt="" className="row-span-2 sm:row-span-1" />
      <div className="min-w-0">
        <h2 className="font-sans text-body leading-snug font-semibold">
          <Link to={path`/p/${productId}`} data-line={productId} className="hover:underline hover:underline-offset-4">
            {name}
          </Link>
        </h2>
        <p className="text-small text-muted">
          <Price price={unitPrice} /> each
        </p>
        {notice && <LineNotice line={line} onChange={onChange} />}
      </div>
      <div className="col-start-2 flex flex-wrap items-center gap-x-5 gap-y-2 sm:col-start-3 sm:row-start-1 sm:flex-col sm:items-end">
        <p className="order-last ml-auto font-semibold sm:order-none sm:ml-0">
          {isAvailable ? <Price price={lineTotal} /> : <span className="text-muted">Not counted</span>}
        </p>
        {isAvailable && (
          <QuantityStepper
            name={name}
            value={quantity}
            max={available === undefined ? undefined : Math.max(available, quantity)}
            onChange={(wanted) => onChange({ kind: "set", productId, quantity: wanted })}
          />
        )}
        <Button variant="link" className="text-small" aria-label={`Remove ${name}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
    </article>
  );
}

interface LineNoticeProps {
  line: CartViewLine;
  onChange: (change: CartChange) => void;
}

/** The notice of a line, with the action that settles it. */
function LineNotice({ line: { productId, name, quantity, notice }, onChange }: LineNoticeProps) {
  if (!notice) return null;
  const { code, available } = notice;
  const set = (wanted: number) => onChange({ kind: "set", productId, quantity: wanted });
  return (
    <div className="mt-2 text-small">
      <p className={`flex items-start gap-1.5 font-semibold ${isBlocking(notice) ? "text-danger" : "text-notable"}`}>
        <Icon name={isBlocking(notice) ? "warning" : "info"} className="mt-0.5 size-4" />
        {getNoticeMessage(notice)}
      </p>
      {code === "OUT_OF_STOCK" && available ? (
        <Button variant="link" aria-label={`Take ${available} of ${name}`} onClick={() => set(available)}>
          Take {available}
        </Button>
      ) : null}
      {code === "PRICE_CHANGED" && (
        <Button variant="link" aria-label={`Keep ${name} at the new price`} onClick={() => set(quantity)}>
          Keep it at the new price
        </Button>
      )}
    </div>
  );
}

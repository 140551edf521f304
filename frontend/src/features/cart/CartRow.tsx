import { Link } from "react-router";

import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Picture } from "@/components/Picture";
import { Price } from "@/components/Price";
import { QuantityStepper } from "@/components/QuantityStepper";
import type { ShownCart } from "@/features/cart/cart";
import type { Change } from "@/features/cart/changes";
import { isInTheWay, sentenceOfNotice } from "@/features/cart/notices";

export type ShownLine = ShownCart["lines"][number];

interface CartRowProps {
  line: ShownLine;
  onChange: (change: Change) => void;
  onRemove: () => void;
}

export function CartRow({ line, onChange, onRemove }: CartRowProps) {
  const { productId, name, quantity, unitPrice, lineTotal, imageUrl, available, notice } = line;
  const isSold = notice?.code !== "UNAVAILABLE";
  return (
    <article className="grid grid-cols-[5.5rem_1fr] gap-x-4 gap-y-3 py-5 sm:grid-cols-[7rem_1fr_auto]">
      <Picture src={imageUrl} alt="" className="row-span-2 sm:row-span-1" />
      <div className="min-w-0">
        <h2 className="font-sans text-body leading-snug font-semibold">
          <Link to={`/p/${productId}`} data-line={productId} className="hover:underline hover:underline-offset-4">
            {name}
          </Link>
        </h2>
        <p className="text-small text-muted">
          <Price price={unitPrice} /> each
        </p>
        {notice && <Noted line={line} onChange={onChange} />}
      </div>
      <div className="col-start-2 flex flex-wrap items-center gap-x-5 gap-y-2 sm:col-start-3 sm:row-start-1 sm:flex-col sm:items-end">
        <p className="order-last ml-auto font-semibold sm:order-none sm:ml-0">
          {isSold ? <Price price={lineTotal} /> : <span className="text-muted">Not counted</span>}
        </p>
        {isSold && (
          <QuantityStepper
            name={name}
            value={quantity}
            max={available === undefined ? undefined : Math.max(available, quantity)}
            onChange={(wanted) => onChange({ kind: "set", productId, quantity: wanted })}
          />
        )}
        <Button look="plain" className="text-small" aria-label={`Remove ${name}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
    </article>
  );
}

interface NotedProps {
  line: ShownLine;
  onChange: (change: Change) => void;
}

/** What there is to know of a line, and the one thing to do about it. */
function Noted({ line: { productId, name, quantity, notice }, onChange }: NotedProps) {
  if (!notice) return null;
  const { code, available } = notice;
  const set = (wanted: number) => onChange({ kind: "set", productId, quantity: wanted });
  return (
    <div className="mt-2 text-small">
      <p className={`flex items-start gap-1.5 font-semibold ${isInTheWay(notice) ? "text-danger" : "text-notable"}`}>
        <Icon name={isInTheWay(notice) ? "warning" : "info"} className="mt-0.5 size-4" />
        {sentenceOfNotice(notice)}
      </p>
      {code === "OUT_OF_STOCK" && available ? (
        <Button look="plain" aria-label={`Take ${available} of ${name}`} onClick={() => set(available)}>
          Take {available}
        </Button>
      ) : null}
      {code === "PRICE_CHANGED" && (
        <Button look="plain" aria-label={`Keep ${name} at the new price`} onClick={() => set(quantity)}>
          Keep it at the new price
        </Button>
      )}
    </div>
  );
}

import type { Money } from "@/api/types";
import { Price } from "@/components/Price";

interface TotalsProps {
  subtotal: Money;
  shipping: Money;
  total: Money;
  refunded?: Money | null | undefined;
  refundUnderWay?: Money | null | undefined;
}

/** Subtotal, delivery and total, as the server computed them. */
export function Totals({ subtotal, shipping, total, refunded, refundUnderWay }: TotalsProps) {
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-y-1.5 [&>dd]:text-right">
      <dt className="text-muted">Goods</dt>
      <dd>
        <Price price={subtotal} />
      </dd>
      <dt className="text-muted">Delivery</dt>
      <dd>{shipping.amount === 0 ? "Free" : <Price price={shipping} />}</dd>
      <dt className="mt-2 border-t border-line pt-3 text-lead font-semibold">Total</dt>
      <dd className="mt-2 border-t border-line pt-3 text-lead font-semibold">
        <Price price={total} />
      </dd>
      {refunded && (
        <>
          <dt className="text-muted">Given back</dt>
          <dd>
            <Price price={refunded} />
          </dd>
        </>
      )}
      {refundUnderWay && (
        <>
          <dt className="text-muted">On its way back</dt>
          <dd>
            <Price price={refundUnderWay} />
          </dd>
        </>
      )}
    </dl>
  );
}

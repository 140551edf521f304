import { Fragment } from "react";

import type { Money, OrderTax } from "@/api/types";
import { Price } from "@/components/Price";

interface TotalsProps {
  subtotal: Money;
  shipping: Money;
  tax?: OrderTax | null | undefined;
  /** It is added at checkout, once the region is known. */
  isTaxPending?: boolean;
  total: Money;
  refunded?: Money | null | undefined;
  refundUnderWay?: Money | null | undefined;
}

/** Subtotal, delivery, tax by rate and total, as the server computed them. */
export function Totals({ subtotal, shipping, tax, isTaxPending, total, refunded, refundUnderWay }: TotalsProps) {
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-y-1.5 [&>dd]:text-right">
      <dt className="text-muted">Goods</dt>
      <dd>
        <Price price={subtotal} />
      </dd>
      <dt className="text-muted">Delivery</dt>
      <dd>{shipping.amount === 0 ? "Free" : <Price price={shipping} />}</dd>
      {tax?.prices === "EXCLUSIVE" && <Taxes tax={tax} />}
      {isTaxPending && (
        <>
          <dt className="text-muted">Tax</dt>
          <dd>at checkout</dd>
        </>
      )}
      <dt className="mt-2 border-t border-line pt-3 text-lead font-semibold">Total</dt>
      <dd className="mt-2 border-t border-line pt-3 text-lead font-semibold">
        <Price price={total} />
      </dd>
      {tax?.prices === "INCLUSIVE" && <Taxes tax={tax} prefix="including " />}
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

function Taxes({ tax, prefix = "" }: { tax: OrderTax; prefix?: string }) {
  const taxes = tax.rates.filter(({ amount }) => amount.amount > 0);
  return taxes.map(({ name, amount }) => (
    <Fragment key={name}>
      <dt className="text-muted">{prefix + name}</dt>
      <dd>
        <Price price={amount} />
      </dd>
    </Fragment>
  ));
}

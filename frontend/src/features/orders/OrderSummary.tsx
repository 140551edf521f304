import type { Order } from "@/api/types";
import { Panel } from "@/components/Panel";
import { Totals } from "@/components/Totals";
import { formatArrival } from "@/features/delivery/arrival";
import { AddressText } from "@/features/addresses/AddressText";
import { OrderLines } from "@/features/orders/OrderLines";

/** Products, totals and delivery address of an order. */
export function OrderSummary({ order }: { order: Order }) {
  return (
    <>
      <Panel title="What you ordered">
        <OrderLines lines={order.lines} />
        <div className="mt-4 border-t border-line pt-4">
          <Totals
            subtotal={order.subtotal}
            shipping={order.shipping}
            tax={order.tax}
            total={order.total}
            refunded={order.refundedTotal}
            refundUnderWay={order.refundsUnderWay}
          />
        </div>
      </Panel>
      {order.shippingAddress && (
        <Panel title="Where it goes">
          <AddressText address={order.shippingAddress} />
          {order.delivery && (
            <p className="mt-3">
              {order.delivery.label}
              <span className="block text-muted">Promised for {formatArrival(order.delivery)}</span>
            </p>
          )}
        </Panel>
      )}
    </>
  );
}

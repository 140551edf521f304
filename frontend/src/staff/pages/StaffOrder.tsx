import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";

import { Problem } from "@/api/problem";
import type { StaffOrder } from "@/api/types";
import { Button } from "@/components/Button";
import { formatDate, formatDateTime } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { Loading, Skeleton } from "@/components/Skeleton";
import { showToast } from "@/components/toast";
import { Totals } from "@/components/Totals";
import { AddressText } from "@/features/addresses/AddressText";
import { OrderDocuments } from "@/features/invoices/OrderDocuments";
import { ConfirmDialog } from "@/staff/components/ConfirmDialog";
import { Columns, ConsolePage } from "@/staff/components/ConsolePage";
import { Facts } from "@/staff/components/Facts";
import type { Column } from "@/staff/components/List";
import { useShortcuts } from "@/staff/components/shortcuts";
import { Table } from "@/staff/components/Table";
import { AuditTrail } from "@/staff/features/orders/AuditTrail";
import { OrderBadge } from "@/staff/features/orders/OrderBadge";
import { staffOrderQuery, useDeliver, useStaffCancel } from "@/staff/features/orders/queries";
import { REASON_LABELS, RefundForm } from "@/staff/features/orders/RefundForm";
import { ShipForm } from "@/staff/features/orders/ShipForm";

const BACK = { to: "/orders", title: "Orders" };

type Line = StaffOrder["lines"][number];

const LINE_COLUMNS: readonly Column<Line>[] = [
  { title: "Product", cell: ({ name }) => name },
  { title: "Units", cell: ({ quantity }) => quantity, numeric: true },
  { title: "Price", cell: ({ unitPrice }) => <Price price={unitPrice} />, numeric: true },
  { title: "Together", cell: ({ lineTotal }) => <Price price={lineTotal} />, numeric: true },
];

export function Component() {
  const { orderId = "" } = useParams();
  const { data: order, isPending, error, refetch, isFetching } = useQuery(staffOrderQuery(orderId));
  if (order) return <OrderPage order={order} />;
  return (
    <ConsolePage title="Order" back={BACK}>
      {isPending ? (
        <Loading subject="the order">
          <Skeleton className="h-64" />
        </Loading>
      ) : error instanceof Problem && error.status === 404 ? (
        <EmptyState title="There is no such order" />
      ) : (
        <ErrorState subject="The order" error={error} onRetry={refetch} busy={isFetching} />
      )}
    </ConsolePage>
  );
}

function OrderPage({ order }: { order: StaffOrder }) {
  const [dialog, setDialog] = useState<"ship" | "deliver" | "cancel" | "refund">();
  const { mutateAsync: cancel } = useStaffCancel(order.orderId);
  const { mutateAsync: deliver } = useDeliver(order.orderId);
  const { customer, shippingAddress } = order;
  const isSendable = order.unitsToSend.length > 0 && Boolean(shippingAddress);
  const isDeliverable = order.status === "SHIPPED" || (order.status === "PARTIALLY_SHIPPED" && order.unitsToSend.length === 0);
  const isRefundable = order.refundable.amount > 0;
  const close = () => setDialog(undefined);
  useShortcuts([
    ...(isSendable ? [{ keys: "v", label: "Send a parcel", run: () => setDialog("ship") }] : []),
    ...(isRefundable ? [{ keys: "m", label: "Refund", run: () => setDialog("refund") }] : []),
  ]);
  return (
    <ConsolePage
      title={`Order ${order.orderNumber}`}
      back={BACK}
      aside={<OrderBadge status={order.status} />}
      actions={
        <>
          <Button variant="secondary" onClick={() => window.print()}>
            Packing slip
          </Button>
          {order.cancellable && (
            <Button variant="secondary" onClick={() => setDialog("cancel")}>
              Cancel
            </Button>
          )}
          {isRefundable && (
            <Button variant="secondary" onClick={() => setDialog("refund")}>
              Refund
            </Button>
          )}
          {isDeliverable && <Button onClick={() => setDialog("deliver")}>Delivered</Button>}
          {isSendable && <Button onClick={() => setDialog("ship")}>Send a parcel</Button>}
        </>
      }
    >
      <div className="on-screen">
        <Columns
          main={
            <>
              <Panel title="Lines">
                <Table title="Lines" columns={LINE_COLUMNS} rows={order.lines} id={({ productId }) => productId} />
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
              <Parcels order={order} />
              <Refunds order={order} />
            </>
          }
          side={
            <>
              <Panel title="Customer">
                <Facts
                  facts={[
                    ["Name", customer.name ?? "Erased"],
                    ["E-mail", customer.email && <span className="wrap-anywhere">{customer.email}</span>],
                    ["Address", shippingAddress && <AddressText address={shippingAddress} />],
                    ["Account", <Link key="account" className="link" to={path`/customers/${customer.userId}`}>Open the customer</Link>],
                    ["Events", <Link key="events" className="link" to={path`/events/${order.orderId}`}>Trace the order</Link>],
                  ]}
                />
              </Panel>
              <OrderDocuments orderId={order.orderId} hasShipped={order.history.some(({ status }) => status.endsWith("SHIPPED"))} />
              <Panel title="History">
                <AuditTrail entries={order.auditTrail} />
              </Panel>
            </>
          }
        />
      </div>
      <PackingSlip order={order} />
      <ShipForm order={order} open={dialog === "ship"} onClose={close} />
      <RefundForm order={order} open={dialog === "refund"} onClose={close} />
      <ConfirmDialog
        open={dialog === "deliver"}
        title="Has all of this order arrived?"
        action="It has arrived"
        onConfirm={async () => {
          await deliver(undefined);
          showToast("The order is delivered.");
        }}
        onClose={close}
      >
        <p>The shopper gets an e-mail, and the time to withdraw begins.</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={dialog === "cancel"}
        title="Cancel this order?"
        action="Cancel the order"
        danger
        onConfirm={async () => {
          await cancel(undefined);
          showToast("The order is cancelled.");
        }}
        onClose={close}
      >
        <p>All of its money goes back to the card, and its units back to stock. This cannot be undone.</p>
      </ConfirmDialog>
    </ConsolePage>
  );
}

function Parcels({ order }: { order: StaffOrder }) {
  const { mutate: deliver, isPending } = useDeliver(order.orderId);
  if (order.parcels.length === 0) return null;
  return (
    <Panel title="Parcels">
      <ul className="divide-y divide-line">
        {order.parcels.map(({ parcelId, carrier, trackingNumber, trackingUrl, lines, shippedAt, deliveredAt }) => (
          <li key={parcelId} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1">
              <p className="font-medium">
                {parcelId}. {carrier},{" "}
                {trackingUrl ? (
                  <a className="link" href={trackingUrl} rel="noreferrer">
                    {trackingNumber}
                  </a>
                ) : (
                  trackingNumber
                )}
              </p>
              <p>{lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(", ")}</p>
              <p className="text-small text-muted">
                Sent {formatDateTime(shippedAt)}
                {deliveredAt && `, delivered ${formatDateTime(deliveredAt)}`}
              </p>
            </div>
            {!deliveredAt && order.parcels.length > 1 && (
              <Button variant="secondary" busy={isPending} onClick={() => deliver(parcelId)}>
                Parcel {parcelId} has arrived
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Refunds({ order: { refundRequests } }: { order: StaffOrder }) {
  if (refundRequests.length === 0) return null;
  return (
    <Panel title="Refunds">
      <ul className="divide-y divide-line">
        {refundRequests.map(({ requestId, amount, reason, note, refundId, failureCode, requestedAt }) => (
          <li key={requestId} className="py-3 first:pt-0 last:pb-0">
            <p className="font-medium">
              <Price price={amount} />, {failureCode ? `refused by Stripe (${failureCode})` : refundId ? "refunded" : "under way"}
            </p>
            <p>{REASON_LABELS[reason]}</p>
            {note && <p className="whitespace-pre-line">{note}</p>}
            <p className="text-small text-muted">{formatDateTime(requestedAt)}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What goes into the parcel, on paper: no prices, as it may be a present. */
function PackingSlip({ order }: { order: StaffOrder }) {
  const units = order.unitsToSend.length > 0 ? order.unitsToSend : order.lines;
  const rows = units.map(({ productId, quantity }) => ({ productId, quantity, name: order.lines.find((line) => line.productId === productId)?.name ?? productId }));
  return (
    <div className="on-paper" aria-hidden="true">
      <p className="mb-8">e-com67, ordered {formatDate(order.placedAt)}</p>
      {order.shippingAddress && <AddressText address={order.shippingAddress} />}
      <h2 className="mt-8 mb-3">What is in this parcel</h2>
      <ul>
        {rows.map(({ productId, quantity, name }) => (
          <li key={productId} className="break-inside-avoid border-b border-line py-1.5">
            ☐ {quantity} × {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

import { type OrderStatus, STATUS_LABELS } from "@/features/orders/orderStatus";

export function StatusBadge({ status }: { status: OrderStatus }) {
  const colors = status === "CANCELLED" || status === "REFUND_PENDING" || status === "REFUNDED" ? "bg-sunken text-ink" : "bg-tint text-ink";
  return <span className={`inline-block rounded-full px-3 py-0.5 text-small font-semibold ${colors}`}>{STATUS_LABELS[status]}</span>;
}

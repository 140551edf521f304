import { STATUS, type Status } from "@/features/orders/words";

export function StatusBadge({ status }: { status: Status }) {
  const look = status === "CANCELLED" || status === "REFUNDED" ? "bg-sunken text-ink" : "bg-tint text-ink";
  return <span className={`inline-block rounded-full px-3 py-0.5 text-small font-semibold ${look}`}>{STATUS[status]}</span>;
}

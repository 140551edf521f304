import { Badge, type BadgeTone } from "@/staff/components/Badge";
import type { OrderStatus } from "@/staff/features/orders/queries";

const BADGES: Record<OrderStatus, readonly [tone: BadgeTone, label: string]> = {
  PROCESSING: ["waiting", "To be sent"],
  PARTIALLY_SHIPPED: ["waiting", "Partly sent"],
  SHIPPED: ["neutral", "On its way"],
  DELIVERED: ["good", "Delivered"],
  CANCELLED: ["neutral", "Cancelled"],
  REFUND_PENDING: ["bad", "Cancelled, refund late"],
  REFUNDED: ["neutral", "Cancelled, refunded"],
};

export function OrderBadge({ status }: { status: OrderStatus }) {
  const [tone, label] = BADGES[status];
  return <Badge tone={tone}>{label}</Badge>;
}

/** The statuses by which orders are listed, with their names; the first one is all of them. */
export const STATUS_OPTIONS: readonly (readonly [OrderStatus | "", string])[] = [
  ["", "Every status"],
  ...(Object.keys(BADGES) as OrderStatus[]).map((status) => [status, BADGES[status][1]] as const),
];

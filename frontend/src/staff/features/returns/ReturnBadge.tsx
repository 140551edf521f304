import { Badge, type BadgeTone } from "@/staff/components/Badge";
import type { ReturnStatus } from "@/staff/features/returns/queries";

const BADGES: Record<ReturnStatus, readonly [tone: BadgeTone, label: string]> = {
  REQUESTED: ["waiting", "Announced"],
  RECEIVED: ["waiting", "Received, refund under way"],
  REFUNDED: ["good", "Refunded"],
  CLOSED: ["neutral", "Closed"],
};

export const REASON_LABELS = { WITHDRAWN: "Withdrawal", RETURNED: "Return by the shop's terms" };

export function ReturnBadge({ status }: { status: ReturnStatus }) {
  const [tone, label] = BADGES[status];
  return <Badge tone={tone}>{label}</Badge>;
}

/** The statuses by which returns are listed, with their names; the first is what waits for staff. */
export const STATUS_OPTIONS: readonly (readonly [ReturnStatus, string])[] = [
  ["REQUESTED", "Announced"],
  ["RECEIVED", "Received, refund under way"],
  ["REFUNDED", "Refunded"],
  ["CLOSED", "Closed"],
];

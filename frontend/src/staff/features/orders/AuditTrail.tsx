import type { StaffOrder } from "@/api/types";
import { formatDateTime } from "@/components/dates";
import { Price } from "@/components/Price";
import { StaffName } from "@/staff/features/people/StaffName";

type Entry = StaffOrder["auditTrail"][number];

const ACTIONS: Record<Entry["action"], string> = {
  PLACED: "Ordered and paid",
  SHIPPED: "Parcel sent",
  PARCEL_DELIVERED: "Parcel delivered",
  DELIVERED: "Delivered",
  CANCELLED: "Cancelled",
  REFUND_REQUESTED: "Refund requested",
  REFUND_PENDING: "Refund late",
  REFUND_FAILED: "Refund refused",
  REFUNDED: "Refunded",
};

/** What happened to an order, and who did it; the newest first. */
export function AuditTrail({ entries }: { entries: readonly Entry[] }) {
  return (
    <ol className="space-y-2.5">
      {[...entries].reverse().map((entry, index) => (
        <li key={entries.length - index}>
          <p className="font-medium">
            {ACTIONS[entry.action]}
            {entry.parcelId && ` (parcel ${entry.parcelId})`}
            {entry.amount && (
              <>
                {" "}
                <Price price={entry.amount} />
              </>
            )}
          </p>
          <p className="text-small text-muted">
            <time dateTime={entry.at}>{formatDateTime(entry.at)}</time>
            {entry.actor && (
              <>
                {", "}
                <ActorName actor={entry.actor} />
              </>
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}

function ActorName({ actor }: { actor: NonNullable<Entry["actor"]> }) {
  if (actor.kind === "STAFF") return <StaffName userId={actor.userId} />;
  return <>{actor.kind === "SHOPPER" ? "the shopper" : "the shop"}</>;
}

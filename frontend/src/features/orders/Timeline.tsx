import type { Order } from "@/api/types";
import { formatDateTime } from "@/components/dates";
import { EXPECTED_STATUSES, TIMELINE_LABELS } from "@/features/orders/orderStatus";

/** The past statuses of an order with their times, and the expected ones. */
export function Timeline({ order: { history, status, parcels } }: { order: Order }) {
  const steps = [
    ...history.map((step) => ({ status: step.status, at: step.at })),
    ...EXPECTED_STATUSES[status].map((expected) => ({ status: expected, at: null })),
  ];
  return (
    <ol>
      {steps.map(({ status: step, at }, index) => (
        <li key={step} className="relative grid grid-cols-[1.25rem_1fr] gap-x-3 pb-5 last:pb-0">
          {index < steps.length - 1 && (
            <span aria-hidden="true" className={`absolute top-5 bottom-0 left-[0.5625rem] w-0.5 ${at && steps[index + 1]?.at ? "bg-action" : "bg-line"}`} />
          )}
          <span aria-hidden="true" className={`mt-1 size-5 rounded-full border-2 ${at ? "border-action bg-action" : "border-edge bg-sheet"}`} />
          <div className={at ? "" : "text-muted"}>
            <p className="font-semibold">
              {TIMELINE_LABELS[step]}
              {!at && <span className="sr-only"> (to come)</span>}
            </p>
            {at && (
              <p className="text-small text-muted">
                <time dateTime={at}>{formatDateTime(at)}</time>
              </p>
            )}
            {at && parcelsAt(parcels, at, steps[index + 1]?.at ?? null, step).map((parcel) => <ParcelText key={parcel.parcelId} parcel={parcel} one={parcels.length === 1} />)}
          </div>
        </li>
      ))}
    </ol>
  );
}

type Parcel = Order["parcels"][number];

/** The parcels that left with a step: of several that left while the order was partly sent, all are at that step. */
function parcelsAt(parcels: readonly Parcel[], at: string, until: string | null, step: string): readonly Parcel[] {
  if (step !== "PARTIALLY_SHIPPED" && step !== "SHIPPED") return [];
  return parcels.filter(({ shippedAt }) => shippedAt >= at && (until === null || shippedAt < until));
}

function ParcelText({ parcel, one }: { parcel: Parcel; one: boolean }) {
  const { carrier, trackingNumber, trackingUrl, lines, deliveredAt } = parcel;
  return (
    <p className="text-small">
      {!one && <>{lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(", ")}: </>}
      {carrier}, tracking number{" "}
      {trackingUrl ? (
        <a href={trackingUrl} rel="noreferrer" className="link font-semibold">
          {trackingNumber}
          <span className="sr-only"> (follow the parcel at {carrier})</span>
        </a>
      ) : (
        trackingNumber
      )}
      {!one && deliveredAt && <>, delivered {formatDateTime(deliveredAt)}</>}
    </p>
  );
}

import type { Order } from "@/api/types";
import { momentOf } from "@/components/dates";
import { AHEAD, STEPS } from "@/features/orders/words";

/** What has happened to an order and when, and what will follow. */
export function Timeline({ order: { history, status, shipment } }: { order: Order }) {
  const steps = [
    ...history.map((step) => ({ status: step.status, at: step.at })),
    ...AHEAD[status].map((ahead) => ({ status: ahead, at: null })),
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
              {STEPS[step]}
              {!at && <span className="sr-only"> (to come)</span>}
            </p>
            {at && (
              <p className="text-small text-muted">
                <time dateTime={at}>{momentOf(at)}</time>
              </p>
            )}
            {step === "SHIPPED" && shipment && (
              <p className="text-small">
                {shipment.carrier}, tracking number {shipment.trackingNumber}
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

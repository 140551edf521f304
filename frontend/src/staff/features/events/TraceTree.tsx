import { formatDateTime } from "@/components/dates";
import { Badge } from "@/staff/components/Badge";
import { type EventNode, toTrees, type TracedEvent } from "@/staff/features/events/queries";

const SECOND_MS = 1000;

/** The events of a request, drawn below the event that caused each. */
export function TraceTree({ title, events }: { title: string; events: readonly TracedEvent[] }) {
  return (
    <ul aria-label={title} className="space-y-1">
      {toTrees(events).map((node) => (
        <Branch key={node.event.eventId} node={node} isRoot />
      ))}
    </ul>
  );
}

function Branch({ node: { event, caused }, isRoot = false }: { node: EventNode; isRoot?: boolean }) {
  // Down along the siblings, no further than to the last one, and across to the event.
  const line =
    "relative pl-4 before:absolute before:top-[1.15rem] before:left-0 before:w-3.5 before:border-t before:border-edge " +
    "after:absolute after:top-0 after:left-0 after:h-full after:border-l after:border-edge last:after:h-[1.15rem]";
  return (
    <li className={isRoot ? "" : line}>
      <EventLine event={event} />
      {caused.length > 0 && (
        <ul className="ml-[0.55rem]">
          {caused.map((node) => (
            <Branch key={node.event.eventId} node={node} />
          ))}
        </ul>
      )}
    </li>
  );
}

function EventLine({ event }: { event: TracedEvent }) {
  const { deadLetters, quarantined, violations } = event;
  const isStuck = deadLetters.length > 0 || quarantined.length > 0 || violations.length > 0;
  return (
    <div className="py-1">
      <div className="flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5">
        <span aria-hidden="true" className={`size-[1.1rem] shrink-0 self-center rounded-full border-4 border-sheet ${isStuck ? "bg-danger" : "bg-action"}`} />
        <span className="font-medium">{event.detailType}</span>
        <span className="text-small text-muted">{getService(event)}</span>
        <span className="text-small text-muted tabular-nums">{getMoment(event)}</span>
        {event.timesSeen > 1 && <Badge>{`seen ${event.timesSeen} times`}</Badge>}
        {event.causeMissing && <Badge tone="waiting">its cause is missing</Badge>}
        {deadLetters.map((queue) => (
          <Badge key={queue} tone="bad">
            {`dead letter in ${queue}`}
          </Badge>
        ))}
      </div>
      {(quarantined.length > 0 || violations.length > 0) && (
        <ul className="ml-7 space-y-0.5 text-small text-danger">
          {violations.map((violation) => (
            <li key={violation}>Does not fit its contract: {violation}</li>
          ))}
          {quarantined.map(({ quarantineId, consumer, reason }) => (
            <li key={quarantineId}>
              In quarantine of {consumer}: {reason}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function getService({ source }: TracedEvent): string {
  return source.replace(/^ecom67\./u, "");
}

/** Returns when it happened: after its cause, or for the first event by the clock. */
function getMoment({ delayMs, occurredAt }: TracedEvent): string {
  if (delayMs === null || delayMs === undefined) return formatDateTime(occurredAt);
  return delayMs < SECOND_MS ? `${delayMs} ms later` : `${(delayMs / SECOND_MS).toFixed(1)} s later`;
}

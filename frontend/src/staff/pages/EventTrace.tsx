import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";

import { Problem } from "@/api/problem";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { Loading, Skeleton } from "@/components/Skeleton";
import { Badge } from "@/staff/components/Badge";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { traceQuery, type TracedEvent } from "@/staff/features/events/queries";
import { TraceTree } from "@/staff/features/events/TraceTree";

export function Component() {
  const { subject = "" } = useParams();
  const { data: trace, error, isFetching, refetch } = useQuery(traceQuery(subject));
  const stuck = trace?.requests.flatMap(({ events }) => events).filter(isStuck).length ?? 0;
  return (
    <ConsolePage
      title="Events of an order"
      back={{ to: "/events", title: "Events" }}
      aside={
        <>
          <code className="text-small wrap-anywhere text-muted">{subject}</code>
          {trace && (stuck > 0 ? <Badge tone="bad">{`${stuck} stuck`}</Badge> : <Badge tone="good">Nothing is stuck</Badge>)}
        </>
      }
    >
      {trace ? (
        <div className="space-y-4">
          {trace.requests.map(({ correlationId, events }) => (
            <Panel key={correlationId} title={events[0]?.detailType ?? "Request"}>
              <p className="-mt-3 mb-3 text-small wrap-anywhere text-muted">Request {correlationId}</p>
              <TraceTree title={`Events of request ${correlationId}`} events={events} />
            </Panel>
          ))}
        </div>
      ) : error instanceof Problem && error.code === "NOT_FOUND" ? (
        <EmptyState title="No events">{error.message}</EmptyState>
      ) : error ? (
        <ErrorState subject="The events" error={error} onRetry={refetch} busy={isFetching} />
      ) : (
        <Loading subject="the events" className="space-y-2">
          <Skeleton className="h-72 w-full" />
        </Loading>
      )}
    </ConsolePage>
  );
}

function isStuck({ deadLetters, quarantined, violations }: TracedEvent): boolean {
  return deadLetters.length + quarantined.length + violations.length > 0;
}

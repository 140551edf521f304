import { useQuery } from "@tanstack/react-query";

import { formatDateTime } from "@/components/dates";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { Loading, Skeleton } from "@/components/Skeleton";
import type { Column } from "@/staff/components/List";
import { Table } from "@/staff/components/Table";
import { SubjectLink } from "@/staff/features/events/DeadLetters";
import { type QuarantinedMessage, quarantineQuery } from "@/staff/features/events/queries";

const COLUMNS: readonly Column<QuarantinedMessage>[] = [
  { title: "Consumer", cell: ({ consumer }) => consumer },
  { title: "Event", cell: ({ detailType }) => detailType ?? "unreadable", className: "whitespace-nowrap" },
  { title: "Reason", cell: ({ reason }) => <span className="wrap-anywhere">{reason}</span> },
  { title: "Order", cell: ({ orderId }) => <SubjectLink id={orderId} />, className: "max-lg:hidden" },
  { title: "Since", cell: ({ quarantinedAt }) => formatDateTime(quarantinedAt), className: "max-lg:hidden" },
];

/** Messages that a consumer could not read, or that its own records do not agree with. */
export function Quarantine() {
  const { data, error, isFetching, refetch } = useQuery(quarantineQuery);
  if (error && !data) return <ErrorState subject="The quarantine" error={error} onRetry={refetch} busy={isFetching} />;
  return (
    <Panel title="Quarantine">
      {!data ? (
        <Loading subject="the quarantine">
          <Skeleton className="h-6 w-64" />
        </Loading>
      ) : data.items.length === 0 ? (
        <p className="text-muted">Empty. Every event could be read, and no record disagreed with one.</p>
      ) : (
        <>
          <Table title="Messages in quarantine" columns={COLUMNS} rows={data.items} id={({ quarantineId }) => quarantineId} />
          <p className="mt-4 text-small text-muted">
            The newest fifty. <code>ecom67 events quarantine</code> shows their contents, and releases or discards them.
          </p>
        </>
      )}
    </Panel>
  );
}

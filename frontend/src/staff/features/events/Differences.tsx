import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "@/components/Button";
import { formatDateTime } from "@/components/dates";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { Loading, Skeleton } from "@/components/Skeleton";
import { showToast } from "@/components/toast";
import { FormDialog } from "@/staff/components/FormDialog";
import type { Column } from "@/staff/components/List";
import { Table } from "@/staff/components/Table";
import { TextAreaField } from "@/staff/components/TextAreaField";
import { SubjectLink } from "@/staff/features/events/DeadLetters";
import { acceptDifference, type Difference, differencesQuery, EVENTS_KEY } from "@/staff/features/events/queries";

/** What reconciliation has found: the records of an order that do not agree, until they do or somebody accepts it. */
export function Differences() {
  const query = useInfiniteQuery(differencesQuery);
  const { data, error, isFetching, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const [asked, setAsked] = useState<Difference>();
  const queryClient = useQueryClient();
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  const columns: readonly Column<Difference>[] = [
    {
      title: "What differs",
      cell: ({ kind, sentences }) => (
        <>
          <code className="text-small text-muted">{kind}</code>
          {sentences.map((sentence) => (
            <p key={sentence} className="wrap-anywhere">
              {sentence}
            </p>
          ))}
        </>
      ),
    },
    { title: "Order", cell: ({ orderId }) => <SubjectLink id={orderId} /> },
    { title: "Found", cell: ({ firstSeenAt }) => formatDateTime(firstSeenAt), className: "max-lg:hidden" },
    { title: "Repairs", cell: ({ repairs }) => repairs, numeric: true, className: "max-xl:hidden" },
    {
      title: "Accept",
      cell: (row) => (
        <Button variant="secondary" onClick={() => setAsked(row)}>
          Accept
        </Button>
      ),
    },
  ];

  if (error && !data) return <ErrorState subject="The differences" error={error} onRetry={refetch} busy={isFetching} />;
  return (
    <Panel title="Differences between records">
      {!data ? (
        <Loading subject="differences">
          <Skeleton className="h-6 w-64" />
        </Loading>
      ) : rows.length === 0 ? (
        <p className="text-muted">None. What Stripe and all services say of each order agrees, as far as it was compared.</p>
      ) : (
        <Table title="Differences between records" columns={columns} rows={rows} id={({ differenceId }) => differenceId} />
      )}
      {hasNextPage && (
        <Button variant="secondary" className="mt-4" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
      <FormDialog
        open={asked !== undefined}
        title="Accept this difference?"
        action="Accept"
        onSend={async ({ note = "" }) => {
          if (asked) await acceptDifference(asked.differenceId, note);
          showToast("Accepted.");
          await queryClient.invalidateQueries({ queryKey: EVENTS_KEY });
        }}
        onClose={() => setAsked(undefined)}
      >
        {(errors) => (
          <>
            <p>It raises no alarm again, unless the records of the order change. Accept what is as it should be, or what cannot be mended.</p>
            <TextAreaField label="Why" name="note" required maxLength={500} error={errors.note} />
          </>
        )}
      </FormDialog>
    </Panel>
  );
}

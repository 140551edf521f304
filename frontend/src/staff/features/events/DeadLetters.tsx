import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { Button } from "@/components/Button";
import { formatDateTime } from "@/components/dates";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Loading, Skeleton } from "@/components/Skeleton";
import { showToast } from "@/components/toast";
import { Badge } from "@/staff/components/Badge";
import { ConfirmDialog } from "@/staff/components/ConfirmDialog";
import type { Column } from "@/staff/components/List";
import { Table } from "@/staff/components/Table";
import { type DeadLetterQueue, deadLettersQuery, EVENTS_KEY, redrive } from "@/staff/features/events/queries";

type DeadLetter = DeadLetterQueue["oldest"][number];

const COLUMNS: readonly Column<DeadLetter>[] = [
  { title: "Message", cell: ({ messageType }) => messageType },
  { title: "Order", cell: ({ orderId }) => <SubjectLink id={orderId} /> },
  { title: "Request", cell: ({ correlationId }) => <SubjectLink id={correlationId} />, className: "max-lg:hidden" },
  { title: "Sent", cell: ({ sentAt }) => formatDateTime(sentAt), className: "whitespace-nowrap" },
];

/** What consumers have failed to handle, by queue, and the button to send it to them again. */
export function DeadLetters() {
  const { data, error, isFetching, refetch } = useQuery(deadLettersQuery);
  const [asked, setAsked] = useState<DeadLetterQueue>();
  const queryClient = useQueryClient();

  async function sendAgain(): Promise<void> {
    if (!asked) return;
    const { sent, left } = await redrive(asked.queue);
    showToast(left > 0 ? `${sent} sent again, ${left} are left.` : `${sent} sent again.`);
    await queryClient.invalidateQueries({ queryKey: EVENTS_KEY });
  }

  if (error && !data) return <ErrorState subject="The dead letters" error={error} onRetry={refetch} busy={isFetching} />;
  return (
    <Panel title="Dead letters">
      {!data ? (
        <Loading subject="dead letters">
          <Skeleton className="h-6 w-64" />
        </Loading>
      ) : data.items.length === 0 ? (
        <p className="text-muted">None. Consumers have handled all that they were sent.</p>
      ) : (
        <div className="space-y-6">
          {data.items.map((queue) => (
            <section key={queue.queue} aria-label={queue.queue}>
              <div className="mb-1 flex flex-wrap items-center gap-3">
                <h3 className="font-medium">{queue.queue}</h3>
                <Badge tone="bad">{queue.messages === 1 ? "1 message" : `${queue.messages} messages`}</Badge>
                <Button variant="secondary" className="ml-auto" onClick={() => setAsked(queue)}>
                  Send again
                </Button>
              </div>
              {queue.oldest.length > 0 ? (
                <Table title={`Oldest messages of ${queue.queue}`} columns={COLUMNS} rows={queue.oldest} id={({ messageId }) => messageId} />
              ) : (
                // A message is hidden from others for half a minute while somebody looks at it or sends it.
                <p className="text-muted">Somebody looks at them just now, or sends them. Open this page again in half a minute.</p>
              )}
            </section>
          ))}
        </div>
      )}
      <ConfirmDialog
        open={asked !== undefined}
        title="Send these messages again?"
        action="Send again"
        onConfirm={sendAgain}
        onClose={() => setAsked(undefined)}
      >
        <p>
          All messages of {asked?.queue} go to their consumer once more. Mend the cause first: what fails again comes back here. A message that was
          handled after all does no harm.
        </p>
      </ConfirmDialog>
    </Panel>
  );
}

/** Leads to the events of an order or a request. */
export function SubjectLink({ id }: { id: string | null | undefined }) {
  if (!id) return <span className="text-muted">–</span>;
  return (
    <Link to={path`/events/${id}`} title={id} className="link whitespace-nowrap">
      <code>{id.length > SHOWN ? `${id.slice(0, SHOWN)}…` : id}</code>
    </Link>
  );
}

const SHOWN = 14;

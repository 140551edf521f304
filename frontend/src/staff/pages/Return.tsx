import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";

import { Problem } from "@/api/problem";
import type { StaffReturn } from "@/api/types";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { formatDateTime } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { Loading, Skeleton } from "@/components/Skeleton";
import { showToast } from "@/components/toast";
import { ConfirmDialog } from "@/staff/components/ConfirmDialog";
import { Columns, ConsolePage } from "@/staff/components/ConsolePage";
import { Facts } from "@/staff/components/Facts";
import type { Column } from "@/staff/components/List";
import { useShortcuts } from "@/staff/components/shortcuts";
import { Table } from "@/staff/components/Table";
import { StaffName } from "@/staff/features/people/StaffName";
import { returnQuery, useCloseReturn } from "@/staff/features/returns/queries";
import { ReceiveForm } from "@/staff/features/returns/ReceiveForm";
import { REASON_LABELS, ReturnBadge } from "@/staff/features/returns/ReturnBadge";

const BACK = { to: "/returns", title: "Returns" };

type Line = StaffReturn["lines"][number];

export function Component() {
  const { returnId = "" } = useParams();
  const { data: returned, isPending, error, refetch, isFetching } = useQuery(returnQuery(returnId));
  if (returned) return <ReturnPage returned={returned} />;
  return (
    <ConsolePage title="Return" back={BACK}>
      {isPending ? (
        <Loading subject="the return">
          <Skeleton className="h-64" />
        </Loading>
      ) : error instanceof Problem && error.status === 404 ? (
        <EmptyState title="There is no such return" />
      ) : (
        <ErrorState subject="The return" error={error} onRetry={refetch} busy={isFetching} />
      )}
    </ConsolePage>
  );
}

function ReturnPage({ returned }: { returned: StaffReturn }) {
  const [dialog, setDialog] = useState<"receive" | "close">();
  const { mutateAsync: close } = useCloseReturn(returned.returnId);
  const isReceivable = returned.status === "REQUESTED";
  const isClosable = isReceivable || returned.status === "RECEIVED";
  useShortcuts(isReceivable ? [{ keys: "v", label: "Receive", run: () => setDialog("receive") }] : []);
  return (
    <ConsolePage
      title={`Return ${returned.returnNumber}`}
      back={BACK}
      aside={<ReturnBadge status={returned.status} />}
      actions={
        <>
          {isClosable && (
            <Button variant="secondary" onClick={() => setDialog("close")}>
              Close
            </Button>
          )}
          {isReceivable && <Button onClick={() => setDialog("receive")}>Receive</Button>}
        </>
      }
    >
      {returned.failureCode && (
        <div className="mb-4">
          <Alert tone="error">
            Stripe refuses the refund ({returned.failureCode}). Refund it from the order in another way, then close this return.
          </Alert>
        </div>
      )}
      <Columns
        main={
          <Panel title="What was announced">
            <Table title="What was announced" columns={columnsOf(returned)} rows={returned.lines} id={({ productId }) => productId} />
          </Panel>
        }
        side={
          <Panel title="Course">
            <Facts
              facts={[
                [
                  "Order",
                  <Link key="order" to={path`/orders/${returned.orderId}`} className="link">
                    {returned.orderNumber}
                  </Link>,
                ],
                [
                  "Customer",
                  <Link key="customer" to={path`/customers/${returned.userId}`} className="link">
                    See the customer
                  </Link>,
                ],
                [
                  "Events",
                  <Link key="events" to={path`/events/${returned.orderId}`} className="link">
                    See what happened
                  </Link>,
                ],
                ["Why", REASON_LABELS[returned.reason]],
                ["Announced", formatDateTime(returned.requestedAt)],
                ["Received", returned.receivedAt && formatDateTime(returned.receivedAt)],
                ["By", returned.receivedBy && <StaffName userId={returned.receivedBy} />],
                ["Refund", returned.refund && <Price price={returned.refund} />],
                ["Delivery", returned.refund && (returned.deliveryRefunded ? "Refunded with it" : "Not part of it")],
                ["Refunded", returned.refundedAt && formatDateTime(returned.refundedAt)],
                ["Closed", returned.closedAt && formatDateTime(returned.closedAt)],
                ["closed by", returned.closedBy && <StaffName userId={returned.closedBy} />],
              ]}
            />
          </Panel>
        }
      />
      <ReceiveForm returned={returned} open={dialog === "receive"} onClose={() => setDialog(undefined)} />
      <ConfirmDialog
        open={dialog === "close"}
        title="Close this return?"
        action="Close it"
        onConfirm={async () => {
          await close(undefined);
          showToast("The return is closed.");
        }}
        onClose={() => setDialog(undefined)}
      >
        <p>Nothing more is expected of it. What was announced and did not come back can be announced again.</p>
      </ConfirmDialog>
    </ConsolePage>
  );
}

function columnsOf({ received, status }: StaffReturn): readonly Column<Line>[] {
  const unitsOf = (productId: string) => received.find((line) => line.productId === productId);
  const hasArrived = status !== "REQUESTED" && received.length > 0;
  return [
    { title: "Product", cell: ({ name }) => name },
    { title: "Price", cell: ({ unitPrice }) => <Price price={unitPrice} />, numeric: true },
    { title: "Announced", cell: ({ quantity }) => quantity, numeric: true },
    ...(hasArrived
      ? [
          { title: "Sell again", cell: ({ productId }: Line) => unitsOf(productId)?.restocked ?? 0, numeric: true },
          { title: "Written off", cell: ({ productId }: Line) => unitsOf(productId)?.writtenOff ?? 0, numeric: true },
        ]
      : []),
  ];
}

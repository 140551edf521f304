import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { Button } from "@/components/Button";
import { formatDateTime } from "@/components/dates";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Loading, Skeleton } from "@/components/Skeleton";
import type { Column } from "@/staff/components/List";
import { Table } from "@/staff/components/Table";
import { StaffName } from "@/staff/features/people/StaffName";
import { nameMovement, signed } from "@/staff/features/stock/labels";
import { type Movement, movementsQuery } from "@/staff/features/stock/queries";

const COLUMNS: readonly Column<Movement>[] = [
  { title: "When", cell: ({ at }) => <time dateTime={at}>{formatDateTime(at)}</time>, className: "whitespace-nowrap" },
  {
    title: "What",
    cell: (movement) => (
      <>
        {nameMovement(movement)}
        {movement.note && <p className="text-small text-muted">{movement.note}</p>}
      </>
    ),
  },
  {
    title: "By",
    cell: ({ orderId, by, kind }) =>
      orderId ? (
        <Link to={path`/orders/${orderId}`} className="link">
          Order
        </Link>
      ) : kind === "FIRST" || kind === "OTHER" ? (
        ""
      ) : (
        <StaffName userId={by} />
      ),
    className: "w-32",
  },
  { title: "Change", cell: ({ change }) => signed(change), numeric: true, className: "w-24" },
  { title: "Then", cell: ({ onHand }) => onHand, numeric: true, className: "w-24" },
];

/** The ledger of a product: every movement, the newest first. */
export function MovementTable({ productId }: { productId: string }) {
  const list = useInfiniteQuery(movementsQuery(productId));
  const movements = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel title="Movements">
      {list.isPending ? (
        <Loading subject="the movements" className="space-y-2">
          <Skeleton className="h-8" />
          <Skeleton className="h-8" />
        </Loading>
      ) : list.isError && movements.length === 0 ? (
        <ErrorState subject="The movements" error={list.error} onRetry={list.refetch} busy={list.isFetching} />
      ) : movements.length === 0 ? (
        <p className="text-muted">Nothing has moved since the ledger was begun.</p>
      ) : (
        <Table title="Movements" columns={COLUMNS} rows={movements} id={({ at, onHand, kind }) => `${at} ${kind} ${onHand}`} />
      )}
      {list.hasNextPage && (
        <div className="pt-4 text-center">
          <Button variant="secondary" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Earlier movements
          </Button>
        </div>
      )}
    </Panel>
  );
}

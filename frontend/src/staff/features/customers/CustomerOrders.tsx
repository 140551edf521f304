import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { formatDate } from "@/components/dates";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { Loading, Skeleton } from "@/components/Skeleton";
import { Table } from "@/staff/components/Table";
import { customerOrdersQuery } from "@/staff/features/customers/queries";
import { OrderBadge } from "@/staff/features/orders/OrderBadge";

/** The newest orders of a customer, found by the e-mail address. */
export function CustomerOrders({ userId, email }: { userId: string; email: string }) {
  const { data, error, isPending, isFetching, refetch } = useQuery(customerOrdersQuery(userId, email));
  return (
    <Panel title="Newest orders">
      {data ? (
        data.length === 0 ? (
          <p className="text-muted">There is no order yet.</p>
        ) : (
          <Table
            title="Newest orders"
            rows={data}
            id={({ orderId }) => orderId}
            columns={[
              { title: "Number", cell: ({ orderId, orderNumber }) => <Link to={path`/orders/${orderId}`} className="link">{orderNumber}</Link> },
              { title: "Placed", cell: ({ placedAt }) => formatDate(placedAt) },
              { title: "Status", cell: ({ status }) => <OrderBadge status={status} /> },
              { title: "Total", cell: ({ total }) => <Price price={total} />, numeric: true },
            ]}
          />
        )
      ) : isPending ? (
        <Loading subject="the orders">
          <Skeleton className="h-16" />
        </Loading>
      ) : (
        <ErrorState subject="The orders" error={error} onRetry={refetch} busy={isFetching} />
      )}
    </Panel>
  );
}

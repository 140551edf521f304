import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";

import { Problem } from "@/api/problem";
import { ButtonLink } from "@/components/Button";
import { formatDate } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { PageSkeleton } from "@/components/Skeleton";
import { OrderDocuments } from "@/features/invoices/OrderDocuments";
import { CancelOrder } from "@/features/orders/CancelOrder";
import { RevokeLinks } from "@/features/orders/RevokeLinks";
import { OrderSummary } from "@/features/orders/OrderSummary";
import { orderQuery } from "@/features/orders/queries";
import { StatusBadge } from "@/features/orders/StatusBadge";
import { Timeline } from "@/features/orders/Timeline";
import { ReturnsPanel } from "@/features/returns/ReturnsPanel";

export function Component() {
  const { orderId = "" } = useParams();
  const { data: order, isPending, error, refetch, isFetching } = useQuery({ ...orderQuery(orderId), staleTime: 0 });
  if (isPending) return <PageSkeleton />;
  if (!order) {
    const isNotFound = error instanceof Problem && error.status === 404;
    return (
      <Page title="Order">
        <h1 className="mb-6">Order</h1>
        {isNotFound ? (
          <EmptyState title="There is no such order" action={<ButtonLink to="/orders">See your orders</ButtonLink>}>
            It may belong to another account. One that you paid for just now may need a moment.
          </EmptyState>
        ) : (
          <ErrorState subject="The order" error={error} onRetry={refetch} busy={isFetching} />
        )}
      </Page>
    );
  }
  return (
    <Page title={`Order of ${formatDate(order.placedAt)}`}>
      <p className="mb-2">
        <Link to="/orders" className="link">
          Your orders
        </Link>
      </p>
      <div className="mb-6 flex flex-wrap items-center gap-x-5 gap-y-2">
        <h1>Order of {formatDate(order.placedAt)}</h1>
        <div role="status">
          <StatusBadge status={order.status} />
        </div>
      </div>
      <p className="mb-6 text-muted">
        Number <span className="font-semibold text-ink">{order.orderNumber}</span>
      </p>
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_22rem] lg:gap-8">
        <div className="order-last space-y-6 lg:order-none">
          <OrderSummary order={order} />
          <OrderDocuments orderId={order.orderId} hasShipped={order.history.some(({ status }) => status.endsWith("SHIPPED"))} />
        </div>
        <div className="space-y-6">
          <Panel title="Where it is">
            <Timeline order={order} />
            {order.status === "PROCESSING" && (
              <div className="mt-6">
                <CancelOrder orderId={order.orderId} />
              </div>
            )}
          </Panel>
          <ReturnsPanel access={{ orderId: order.orderId }} />
          <RevokeLinks orderId={order.orderId} />
        </div>
      </div>
    </Page>
  );
}

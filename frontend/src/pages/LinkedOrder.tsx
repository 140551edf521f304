import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";

import { Problem } from "@/api/problem";
import { ButtonLink } from "@/components/Button";
import { formatDate } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { PageSkeleton } from "@/components/Skeleton";
import { CancelOrderDialog } from "@/features/orders/CancelOrder";
import { OrderSummary } from "@/features/orders/OrderSummary";
import { StatusBadge } from "@/features/orders/StatusBadge";
import { Timeline } from "@/features/orders/Timeline";
import { linkedOrderQuery, useCancelLinkedOrder } from "@/features/returns/queries";
import { ReturnsPanel } from "@/features/returns/ReturnsPanel";

/** An order by the link of its e-mails, without signing in. */
export function Component() {
  const { token = "" } = useParams();
  const { data: order, isPending, error, refetch, isFetching } = useQuery({ ...linkedOrderQuery(token), staleTime: 0 });
  const cancellation = useCancelLinkedOrder(token);
  if (isPending) return <PageSkeleton />;
  if (!order) {
    const isNotFound = error instanceof Problem && error.status === 404;
    return (
      <Page title="Order">
        <h1 className="mb-6">Order</h1>
        {isNotFound ? (
          <EmptyState title="This link leads to no order" action={<ButtonLink to="/orders">See your orders</ButtonLink>}>
            It may be too old: take the one of a newer e-mail about your order, or sign in.
          </EmptyState>
        ) : (
          <ErrorState subject="The order" error={error} onRetry={refetch} busy={isFetching} />
        )}
      </Page>
    );
  }
  return (
    <Page title={`Order of ${formatDate(order.placedAt)}`}>
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
        </div>
        <div className="space-y-6">
          <Panel title="Where it is">
            <Timeline order={order} />
            {order.cancellable && (
              <div className="mt-6">
                <CancelOrderDialog cancellation={cancellation} />
              </div>
            )}
          </Panel>
          <ReturnsPanel access={{ token }} />
        </div>
      </div>
    </Page>
  );
}

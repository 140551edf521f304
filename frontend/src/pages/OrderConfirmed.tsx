import { useQuery } from "@tanstack/react-query";
import { type Location, useLocation, useParams } from "react-router";

import { Problem } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { ButtonLink } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Icon } from "@/components/Icon";
import { Page } from "@/components/Page";
import { path } from "@/components/path";
import { Loading, Skeleton } from "@/components/Skeleton";
import { useSession } from "@/features/auth/session";
import { OrderSummary } from "@/features/orders/OrderSummary";
import { placedOrderQuery } from "@/features/orders/queries";

/** The state of the navigation from checkout: the order itself may take a moment. */
interface ConfirmedState {
  orderNumber: string;
}

export function Component() {
  const { orderId = "" } = useParams();
  const { state } = useLocation() as Location<ConfirmedState | null>;
  const session = useSession();
  const { data: order, error, refetch, isFetching } = useQuery(placedOrderQuery(orderId));
  const orderNumber = order?.orderNumber ?? state?.orderNumber;
  const isDelayed = error instanceof Problem && error.status === 404;
  return (
    <Page title="Thank you for your order">
      <div className="mx-auto max-w-2xl">
        <div className="mb-8 text-center">
          <span className="mx-auto mb-4 flex size-14 items-center justify-center rounded-full bg-tint text-action">
            <Icon name="check" className="size-7" />
          </span>
          <h1>Thank you for your order</h1>
          <p className="mt-3 text-muted">
            It is paid.
            {orderNumber && (
              <>
                {" "}
                Its number is <span className="font-semibold text-ink">{orderNumber}</span>.
              </>
            )}
            {session.status === "signedIn" && (
              <>
                {" "}
                A confirmation goes to <span className="text-ink">{session.email}</span>.
              </>
            )}
          </p>
          <div className="mt-6 flex flex-wrap justify-center gap-3">
            <ButtonLink to={path`/orders/${orderId}`}>Follow the order</ButtonLink>
            <ButtonLink to="/" variant="secondary">
              Go on looking
            </ButtonLink>
          </div>
        </div>
        <div className="space-y-6">
          {order && <OrderSummary order={order} />}
          {!order && !error && (
            <Loading subject="your order">
              <Skeleton className="h-64" />
            </Loading>
          )}
          {isDelayed && <Alert>Your order is paid and will stand in your orders in a moment.</Alert>}
          {error && !isDelayed && <ErrorState subject="Your order" error={error} onRetry={refetch} busy={isFetching} />}
        </div>
      </div>
    </Page>
  );
}

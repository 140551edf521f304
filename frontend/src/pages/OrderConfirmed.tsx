import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";

import { ButtonLink } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Icon } from "@/components/Icon";
import { Notice } from "@/components/Notice";
import { Page } from "@/components/Page";
import { Loading, Skeleton } from "@/components/Skeleton";
import { Problem } from "@/api/problem";
import { useSession } from "@/features/auth/session";
import { OrderSummary } from "@/features/orders/OrderSummary";
import { placedOrderQuery } from "@/features/orders/queries";
import { numberOf } from "@/features/orders/words";

export function Component() {
  const { orderId = "" } = useParams();
  const session = useSession();
  const { data: order, error, refetch, isFetching } = useQuery(placedOrderQuery(orderId));
  const isLate = error instanceof Problem && error.status === 404;
  return (
    <Page title="Thank you for your order">
      <div className="mx-auto max-w-2xl">
        <div className="mb-8 text-center">
          <span className="mx-auto mb-4 flex size-14 items-center justify-center rounded-full bg-tint text-action">
            <Icon name="check" className="size-7" />
          </span>
          <h1>Thank you for your order</h1>
          <p className="mt-3 text-muted">
            It is paid. Its number is <span className="font-semibold text-ink">{numberOf({ orderId })}</span>
            {session.status === "signedIn" && (
              <>
                , and a confirmation goes to <span className="text-ink">{session.email}</span>
              </>
            )}
            .
          </p>
          <div className="mt-6 flex flex-wrap justify-center gap-3">
            <ButtonLink to={`/orders/${orderId}`}>Follow the order</ButtonLink>
            <ButtonLink to="/" look="quiet">
              Go on looking
            </ButtonLink>
          </div>
        </div>
        <div className="space-y-6">
          {order && <OrderSummary order={order} />}
          {!order && !error && (
            <Loading what="your order">
              <Skeleton className="h-64" />
            </Loading>
          )}
          {isLate && <Notice>Your order is paid and will stand in your orders in a moment.</Notice>}
          {error && !isLate && <ErrorState what="Your order" error={error} retry={refetch} busy={isFetching} />}
        </div>
      </div>
    </Page>
  );
}

import { useInfiniteQuery } from "@tanstack/react-query";

import { Button, ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { Loading, Skeleton } from "@/components/Skeleton";
import { OrderCard } from "@/features/orders/OrderCard";
import { ordersQuery } from "@/features/orders/queries";

export function Component() {
  return (
    <Page title="Your orders">
      <div className="mx-auto max-w-3xl">
        <h1 className="mb-6">Your orders</h1>
        <OrderList />
      </div>
    </Page>
  );
}

function OrderList() {
  const list = useInfiniteQuery({ ...ordersQuery, staleTime: 0 });
  if (list.isPending) {
    return (
      <Loading subject="your orders" className="space-y-4">
        <Skeleton className="h-36" />
        <Skeleton className="h-36" />
      </Loading>
    );
  }
  const orders = list.data?.pages.flatMap(({ items }) => items) ?? [];
  if (list.isError && orders.length === 0)
    return <ErrorState subject="Your orders" error={list.error} onRetry={list.refetch} busy={list.isFetching} />;
  if (orders.length === 0) {
    return (
      <EmptyState title="You have not ordered yet" action={<ButtonLink to="/search">See all products</ButtonLink>}>
        Your orders will stand here, with where they are.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="space-y-4">
        {orders.map((order) => (
          <li key={order.orderId}>
            <OrderCard order={order} />
          </li>
        ))}
      </ul>
      {list.isFetchNextPageError && (
        <div className="mt-6">
          <ErrorState subject="More orders" error={list.error} onRetry={list.fetchNextPage} />
        </div>
      )}
      {list.hasNextPage && !list.isFetchNextPageError && (
        <div className="mt-8 text-center">
          <Button variant="secondary" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Load more
          </Button>
        </div>
      )}
    </>
  );
}

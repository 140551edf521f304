import { useQuery } from "@tanstack/react-query";

import { ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { Loading, Skeleton } from "@/components/Skeleton";
import { useSession } from "@/features/auth/session";
import { cartQuery } from "@/features/cart/queries";
import { useCart } from "@/features/cart/useCart";
import { CheckoutForm } from "@/features/checkout/CheckoutForm";

export function Component() {
  const session = useSession();
  return (
    <Page title="Checkout">
      <h1 className="mb-6">Checkout</h1>
      {session.status === "signedIn" && <CheckoutContent userId={session.userId} />}
    </Page>
  );
}

function CheckoutContent({ userId }: { userId: string }) {
  const { isPending } = useCart();
  const { data, error, refetch, isFetching } = useQuery(cartQuery);
  if (isPending) {
    return (
      <Loading subject="your order" className="grid gap-8 lg:grid-cols-[1fr_24rem]">
        <Skeleton className="h-96" />
        <Skeleton className="h-72" />
      </Loading>
    );
  }
  if (!data) return <ErrorState subject="Your cart" error={error} onRetry={refetch} busy={isFetching} />;
  return (
    <CheckoutForm
      userId={userId}
      cart={data}
      emptyState={
        <EmptyState title="There is nothing to check out" action={<ButtonLink to="/search">See all products</ButtonLink>}>
          Your cart is empty.
        </EmptyState>
      }
    />
  );
}

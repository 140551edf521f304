import { useQuery } from "@tanstack/react-query";

import { ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { Loading, Skeleton } from "@/components/Skeleton";
import { useSession } from "@/features/auth/session";
import { cartQuery, useCart } from "@/features/cart/cart";
import { CheckoutForm } from "@/features/checkout/CheckoutForm";

export function Component() {
  const session = useSession();
  return (
    <Page title="Checkout">
      <h1 className="mb-6">Checkout</h1>
      {session.status === "signedIn" && <Content userId={session.userId} />}
    </Page>
  );
}

function Content({ userId }: { userId: string }) {
  const { isPending } = useCart();
  const { data, error, refetch, isFetching } = useQuery(cartQuery);
  if (isPending) {
    return (
      <Loading what="your order" className="grid gap-8 lg:grid-cols-[1fr_24rem]">
        <Skeleton className="h-96" />
        <Skeleton className="h-72" />
      </Loading>
    );
  }
  if (!data) return <ErrorState what="Your cart" error={error} retry={refetch} busy={isFetching} />;
  return (
    <CheckoutForm
      userId={userId}
      cart={data}
      ifEmpty={
        <EmptyState title="There is nothing to check out" action={<ButtonLink to="/search">See all products</ButtonLink>}>
          Your cart is empty.
        </EmptyState>
      }
    />
  );
}

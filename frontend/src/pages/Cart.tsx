import { ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { Loading, Skeleton } from "@/components/Skeleton";
import { CartLines } from "@/features/cart/CartLines";
import { CartSummary } from "@/features/cart/CartSummary";
import { useCart } from "@/features/cart/useCart";

export function Component() {
  const cart = useCart();
  return (
    <Page title="Your cart">
      <h1 className="mb-6">Your cart</h1>
      <CartContent cart={cart} />
    </Page>
  );
}

function CartContent({ cart }: { cart: ReturnType<typeof useCart> }) {
  if (cart.isPending) return <CartSkeleton />;
  if (cart.error && cart.lines.length === 0) return <ErrorState subject="Your cart" error={cart.error} onRetry={cart.retry} />;
  const isEmpty = cart.lines.length === 0;
  return (
    <div className={isEmpty ? "space-y-6" : "grid items-start gap-x-12 gap-y-8 lg:grid-cols-[1fr_22rem]"}>
      <CartLines lines={cart.lines} />
      {isEmpty ? (
        <EmptyState title="Your cart is empty" action={<ButtonLink to="/search">See all products</ButtonLink>}>
          What you put in stays here, also when you close the shop.
        </EmptyState>
      ) : (
        <CartSummary cart={cart} />
      )}
    </div>
  );
}

function CartSkeleton() {
  return (
    <Loading subject="your cart" className="grid items-start gap-x-12 gap-y-8 lg:grid-cols-[1fr_22rem]">
      <div className="space-y-5">
        {[1, 2].map((row) => (
          <div key={row} className="flex gap-4">
            <Skeleton className="size-28" />
            <div className="flex-1 space-y-3">
              <Skeleton className="h-5 w-2/3" />
              <Skeleton className="h-4 w-24" />
            </div>
          </div>
        ))}
      </div>
      <Skeleton className="h-56" />
    </Loading>
  );
}

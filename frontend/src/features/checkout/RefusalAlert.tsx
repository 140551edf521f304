import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Link } from "react-router";

import { getErrorMessage } from "@/api/problem";
import type { Cart } from "@/api/types";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useUpdateCart } from "@/features/cart/useCart";
import { PriceChange } from "@/features/checkout/PriceChange";
import type { Refusal } from "@/features/checkout/usePlaceOrder";

interface RefusalAlertProps {
  refusal: Refusal;
  /** The shopper accepts to pay for the current cart. */
  onAccept: (cart: Cart) => void;
  onDismiss: () => void;
}

/** Why the order was not placed, and what the shopper can do about it. Focused when it appears. */
export function RefusalAlert({ refusal, onAccept, onDismiss }: RefusalAlertProps) {
  const { problem, attempt } = refusal;
  const element = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => element.current?.focus(), [refusal]);

  const content = (): { title: string; body: ReactNode } => {
    switch (problem.code) {
      case "PRICE_CHANGED":
        return {
          title: "The price has changed",
          body: problem.details.cart ? (
            <PriceChange seenCart={attempt.seen} currentCart={problem.details.cart} onAccept={onAccept} onDecline={onDismiss} />
          ) : (
            getErrorMessage(problem)
          ),
        };
      case "OUT_OF_STOCK":
      case "UNAVAILABLE":
        return {
          title: "Somebody was faster",
          body: <UnavailableLines refusal={refusal} onDone={onDismiss} />,
        };
      case "UNDELIVERABLE":
        return {
          title: "This cannot be delivered there",
          body: (
            <>
              <p>{getErrorMessage(problem)} Nothing was charged.</p>
              {problem.details.lines && (
                <p className="mt-2">
                  It is about {problem.details.lines.map(({ name, productId }) => name ?? productId).join(", ")}.{" "}
                  <Link to="/cart" className="link">
                    Change the cart
                  </Link>
                </p>
              )}
            </>
          ),
        };
      case "PAYMENT_DECLINED":
        return { title: "The payment was declined", body: <p>{getErrorMessage(problem)}</p> };
      case "CHECKOUT_FAILED":
        // The sentence itself says what becomes of the money.
        return { title: "The order could not be placed", body: <p>{getErrorMessage(problem)}</p> };
      case "EMPTY_CART":
        return {
          title: "Your cart is empty",
          body: (
            <p>
              Have you ordered in another window?{" "}
              <Link to="/orders" className="link">
                See your orders
              </Link>
            </p>
          ),
        };
      case "VALIDATION":
        return {
          title: "The order could not be placed",
          body: (
            <ul>
              {problem.details.errors?.map(({ path, message }) => <li key={path}>{message}</li>)}
              <li>Check the delivery address. Nothing was charged.</li>
            </ul>
          ),
        };
      default:
        return { title: "The order could not be placed", body: <p>{getErrorMessage(problem)} Nothing was charged.</p> };
    }
  };
  const { title, body } = content();
  return (
    <div ref={element} tabIndex={-1} role="alert" className="rounded-sheet bg-danger-tint p-5 text-ink">
      <h2 className="mb-2 flex items-center gap-2.5 font-sans text-lead font-semibold">
        <Icon name="warning" className="size-5.5" />
        {title}
      </h2>
      {body}
    </div>
  );
}

/** The lines that have become unavailable, with a button to adjust the cart. */
function UnavailableLines({ refusal: { problem, attempt }, onDone }: { refusal: Refusal; onDone: () => void }) {
  const { mutateAsync, isPending } = useUpdateCart();
  const lines = problem.details.lines ?? [];
  const names = new Map(attempt.seen.lines.map(({ productId, name }) => [productId, name]));

  async function adjustCart(): Promise<void> {
    for (const { productId, available = 0 } of lines)
      await mutateAsync(available > 0 ? { kind: "set", productId, quantity: available } : { kind: "remove", productId });
    onDone();
  }

  return (
    <>
      <p>Nothing was charged. This cannot be had as it stands in your cart:</p>
      <ul className="my-3 space-y-1.5">
        {lines.map(({ productId, name, requested, available = 0 }) => (
          <li key={productId}>
            <span className="font-semibold">{names.get(productId) ?? name ?? productId}</span>:{" "}
            {problem.code === "UNAVAILABLE"
              ? "no longer sold"
              : available > 0
                ? `only ${available} left, you want ${requested ?? "more"}`
                : "sold out"}
          </li>
        ))}
      </ul>
      <Button busy={isPending} onClick={() => void adjustCart().catch(() => undefined)}>
        {lines.some(({ available = 0 }) => available > 0) ? "Take what is left" : "Remove it from the cart"}
      </Button>
    </>
  );
}

/** The cart: a visitor's is stored in the browser, a shopper's on the server. */
import { useIsMutating, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { getErrorMessage } from "@/api/problem";
import type { Cart, CartLine, Money } from "@/api/types";
import { multiplyMoney } from "@/components/money";
import { showToast } from "@/components/toast";
import { useSession } from "@/features/auth/session";
import { getAnonymousCart, setAnonymousLines, useAnonymousCart } from "@/features/cart/anonymousCart";
import { applyChange, applyOptimistically, type CartChange, sendChange, toAnonymousLine } from "@/features/cart/changes";
import { CART_KEY, cartQuery } from "@/features/cart/queries";
import { useIsMergePending } from "@/features/cart/useCartMerge";

const MUTATION_KEY = ["cart-change"];
/** Sold-out products may become available again: a payment fails, an order is cancelled. */
const SOLD_OUT_REFETCH_MS = 5_000;

export interface CartView {
  lines: readonly (Omit<CartLine, "available"> & { available?: number })[];
  /** Units in all lines. */
  count: number;
  subtotal: Money | null;
  /** Null for a visitor: shipping is computed at checkout. */
  shipping: Money | null;
  total: Money | null;
  isAnonymous: boolean;
  isPending: boolean;
  /** A change is in flight: lines are updated optimistically, totals are not. */
  isChanging: boolean;
  error: Error | null;
  retry: () => unknown;
}

export function useCart(): CartView {
  const session = useSession();
  const isSignedIn = session.status === "signedIn";
  const anonymous = useAnonymousCart();
  const isMergePending = useIsMergePending();
  const isChanging = useIsMutating({ mutationKey: MUTATION_KEY }) > 0;
  const { data, error, isPending, refetch } = useQuery({
    ...cartQuery,
    enabled: isSignedIn,
    // The response to a request from before a change would undo it on the screen.
    refetchInterval: ({ state }) => !isChanging && state.data?.lines.some(isSoldOut) === true && SOLD_OUT_REFETCH_MS,
  });

  if (!isSignedIn) {
    const lines = anonymous.lines.map((line) => ({ ...line, lineTotal: multiplyMoney(line.unitPrice, line.quantity) }));
    return {
      lines,
      count: countUnits(lines),
      subtotal: sumMoney(lines.map(({ lineTotal }) => lineTotal)),
      shipping: null,
      total: null,
      isAnonymous: true,
      isPending: session.status === "unknown",
      isChanging: false,
      error: null,
      retry: refetch,
    };
  }
  return {
    lines: data?.lines ?? [],
    count: countUnits(data?.lines ?? []),
    subtotal: data?.subtotal ?? null,
    shipping: data?.shipping ?? null,
    total: data?.total ?? null,
    isAnonymous: false,
    isPending: isPending || isMergePending,
    isChanging,
    error,
    retry: refetch,
  };
}

/**
 * Changes the cart optimistically, and then on the server, one change at a time. A change that the server refuses is
 * rolled back, with an error toast unless `silent`.
 */
export function useUpdateCart({ silent = false } = {}) {
  const session = useSession();
  const client = useQueryClient();
  const isAnonymous = session.status !== "signedIn";
  const isLastChange = () => client.isMutating({ mutationKey: MUTATION_KEY }) <= 1;

  return useMutation<Cart | null, Error, CartChange, { previous: Cart | undefined }>({
    mutationKey: MUTATION_KEY,
    scope: { id: "cart" },
    mutationFn: async (change) => {
      if (!isAnonymous) return sendChange(change);
      setAnonymousLines(applyChange(getAnonymousCart().lines, change, toAnonymousLine));
      return null;
    },
    // A visitor's cart is stored on this device and can be changed offline.
    networkMode: isAnonymous ? "always" : "online",
    onMutate: async (change) => {
      if (isAnonymous) return { previous: undefined };
      await client.cancelQueries({ queryKey: CART_KEY });
      const previous = client.getQueryData(cartQuery.queryKey);
      if (previous) client.setQueryData(cartQuery.queryKey, applyOptimistically(previous, change));
      return { previous };
    },
    onSuccess: (cart) => {
      // The response to an earlier change would undo later ones on the screen.
      if (cart && isLastChange()) client.setQueryData(cartQuery.queryKey, cart);
    },
    onError: async (error, _, context) => {
      if (context?.previous && isLastChange()) client.setQueryData(cartQuery.queryKey, context.previous);
      if (!silent) showToast(getErrorMessage(error), { tone: "error" });
      await client.invalidateQueries({ queryKey: CART_KEY });
    },
  });
}

function isSoldOut({ notice }: CartLine): boolean {
  return notice?.code === "OUT_OF_STOCK";
}

function countUnits(lines: readonly { quantity: number }[]): number {
  return lines.reduce((units, { quantity }) => units + quantity, 0);
}

function sumMoney(amounts: readonly Money[]): Money | null {
  const [first] = amounts;
  return first ? { ...first, amount: amounts.reduce((sum, { amount }) => sum + amount, 0) } : null;
}

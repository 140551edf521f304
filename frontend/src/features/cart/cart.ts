/** The cart, whoever is here: a visitor's is kept in the browser, a shopper's by the server. */
import { queryOptions, useIsMutating, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answered, own } from "@/api/client";
import { sentenceOf } from "@/api/problem";
import type { Cart, CartLine, Money } from "@/api/types";
import { times } from "@/components/money";
import { tell } from "@/components/toasts";
import { useSession } from "@/features/auth/session";
import { anonymousCart, keepLines, useAnonymousCart } from "@/features/cart/anonymous";
import { anonymousLine, type Change, changed, expected, sent } from "@/features/cart/changes";
import { useMergePending } from "@/features/cart/merging";

export const CART_KEY = ["own", "cart"];
const CHANGES = ["cart-change"];
/** What is sold out may be had again: a payment fails, an order is cancelled. */
const AGAIN_MS = 5_000;

export const cartQuery = queryOptions({
  queryKey: CART_KEY,
  queryFn: ({ signal }) => answered(own.GET("/api/cart", { signal })),
  staleTime: 10_000,
});

export interface ShownCart {
  lines: readonly (Omit<CartLine, "available"> & { available?: number })[];
  /** Units in all lines. */
  count: number;
  subtotal: Money | null;
  /** Null for a visitor: what a parcel costs is told at checkout. */
  shipping: Money | null;
  total: Money | null;
  isAnonymous: boolean;
  /** Nothing is known yet. */
  isPending: boolean;
  /** A change is on its way: lines are as they will be, totals still as they were. */
  isChanging: boolean;
  error: Error | null;
  retry: () => unknown;
}

export function useCart(): ShownCart {
  const session = useSession();
  const signedIn = session.status === "signedIn";
  const anonymous = useAnonymousCart();
  const mergePending = useMergePending();
  const isChanging = useIsMutating({ mutationKey: CHANGES }) > 0;
  const { data, error, isPending, refetch } = useQuery({
    ...cartQuery,
    enabled: signedIn,
    // An answer to a question from before a change would undo it on the screen.
    refetchInterval: ({ state }) => !isChanging && state.data?.lines.some(isSoldOut) === true && AGAIN_MS,
  });

  if (!signedIn) {
    const lines = anonymous.lines.map((line) => ({ ...line, lineTotal: times(line.unitPrice, line.quantity) }));
    return {
      lines,
      count: unitsOf(lines),
      subtotal: sumOf(lines.map(({ lineTotal }) => lineTotal)),
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
    count: unitsOf(data?.lines ?? []),
    subtotal: data?.subtotal ?? null,
    shipping: data?.shipping ?? null,
    total: data?.total ?? null,
    isAnonymous: false,
    isPending: isPending || mergePending,
    isChanging,
    error,
    retry: refetch,
  };
}

/**
 * Change the cart: at once on the screen, and then at the server, one change after the other. A change that the server
 * refuses is taken back, and told unless `onError` of the call tells it.
 */
export function useCartChange({ quiet = false } = {}) {
  const session = useSession();
  const client = useQueryClient();
  const isAnonymous = session.status !== "signedIn";
  const isLast = () => client.isMutating({ mutationKey: CHANGES }) <= 1;

  return useMutation<Cart | null, Error, Change, { before: Cart | undefined }>({
    mutationKey: CHANGES,
    scope: { id: "cart" },
    mutationFn: async (change) => {
      if (!isAnonymous) return sent(change);
      keepLines(changed(anonymousCart().lines, change, anonymousLine));
      return null;
    },
    // A visitor's cart is on this device, so that it changes offline as well.
    networkMode: isAnonymous ? "always" : "online",
    onMutate: async (change) => {
      if (isAnonymous) return { before: undefined };
      await client.cancelQueries({ queryKey: CART_KEY });
      const before = client.getQueryData(cartQuery.queryKey);
      if (before) client.setQueryData(cartQuery.queryKey, expected(before, change));
      return { before };
    },
    onSuccess: (cart) => {
      // An answer to an older change would undo on the screen what has been asked for since.
      if (cart && isLast()) client.setQueryData(cartQuery.queryKey, cart);
    },
    onError: async (error, _, context) => {
      if (context?.before && isLast()) client.setQueryData(cartQuery.queryKey, context.before);
      if (!quiet) tell(sentenceOf(error), { tone: "wrong" });
      await client.invalidateQueries({ queryKey: CART_KEY });
    },
  });
}

function isSoldOut({ notice }: CartLine): boolean {
  return notice?.code === "OUT_OF_STOCK";
}

function unitsOf(lines: readonly { quantity: number }[]): number {
  return lines.reduce((units, { quantity }) => units + quantity, 0);
}

function sumOf(amounts: readonly Money[]): Money | null {
  const [first] = amounts;
  return first ? { ...first, amount: amounts.reduce((sum, { amount }) => sum + amount, 0) } : null;
}

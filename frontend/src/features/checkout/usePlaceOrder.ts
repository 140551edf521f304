import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { authenticatedApi, unwrap } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Cart, PlacedOrder } from "@/api/types";
import { path } from "@/components/path";
import { showToast } from "@/components/toast";
import { cartQuery } from "@/features/cart/queries";
import { type Attempt, endAttempt, isStale, type OrderRequest, startAttempt, useAttempt } from "@/features/checkout/attempt";
import { type OrderProgress, pollOrder } from "@/features/checkout/pollOrder";
import { ORDERS_KEY } from "@/features/orders/queries";
import type { CardForm } from "@/features/payment/cardForm";

/** An attempt that has ended without an order. */
export interface Refusal {
  problem: Problem;
  attempt: Attempt;
}

interface OrderPlacement {
  /** Null if no order is being placed. */
  progress: OrderProgress | null;
  /** The cart being ordered, shown because the server's cart counts the stock reserved for it as sold. */
  orderedCart: Cart | null;
  /** An old attempt with an unknown outcome. */
  staleAttempt: Attempt | null;
  refusal: Refusal | null;
  dismiss: () => void;
  place: (order: OrderRequest, seen: Cart) => Promise<void>;
  resume: () => void;
  discard: () => void;
  /** The shopper's answer while the progress is "bankRetry". */
  answerBankRetry: (retry: boolean) => void;
}

/** Places orders, one at a time, and continues an attempt after a reload or from another tab. */
export function usePlaceOrder(
  userId: string,
  waitForCardForm: () => Promise<CardForm>,
  onPlaced: (order: PlacedOrder) => void,
): OrderPlacement {
  const client = useQueryClient();
  const storedAttempt = useAttempt(userId);
  const [progress, setProgress] = useState<OrderProgress | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [activeAttempt, setActiveAttempt] = useState<Attempt | null>(null);
  const [resumedKey, setResumedKey] = useState<string>();
  const polledKey = useRef<string>(undefined);
  const resolveBankRetry = useRef<(retry: boolean) => void>(undefined);
  const onPlacedRef = useRef<((order: PlacedOrder) => void) | undefined>(undefined);
  const staleAttempt = storedAttempt && isStale(storedAttempt) && resumedKey !== storedAttempt.key ? storedAttempt : null;

  useEffect(() => {
    onPlacedRef.current = onPlaced;
    return () => {
      onPlacedRef.current = undefined;
    };
  }, [onPlaced]);

  const poll = useCallback(
    async (attempt: Attempt) => {
      // Another tab may end and remove the attempt. This one polls on and gets the same outcome.
      if (polledKey.current === attempt.key) return;
      polledKey.current = attempt.key;
      setActiveAttempt(attempt);
      setRefusal(null);
      const result = await pollOrder(attempt, {
        place: ({ key, order }) =>
          unwrap(authenticatedApi.POST("/api/orders", { params: { header: { "Idempotency-Key": key } }, body: order })),
        confirm: (orderId) => unwrap(authenticatedApi.POST("/api/orders/{orderId}/confirm", { params: { path: { orderId } } })),
        authenticate: async (clientSecret) => (await waitForCardForm()).authenticate(clientSecret),
        confirmBankRetry: () => new Promise((resolve) => (resolveBankRetry.current = resolve)),
        onProgress: setProgress,
        wait: (ms) => waitUntilOnline(ms, setProgress),
      });
      polledKey.current = undefined;
      setProgress(null);
      if (result.kind === "signedOut") return;
      endAttempt(attempt.key);
      if (result.kind === "placed") {
        client.setQueryData(cartQuery.queryKey, (cart) => (cart ? withoutLines(cart, attempt.seen) : cart));
        await client.invalidateQueries({ queryKey: ORDERS_KEY });
        // A shopper who has left the page is not redirected.
        if (onPlacedRef.current) onPlacedRef.current(result.order);
        else showToast("Your order is placed.", { action: { label: "See it", to: path`/orders/${result.order.orderId}` } });
        return;
      }
      if (result.kind === "refused") setRefusal({ problem: result.problem, attempt });
      await client.invalidateQueries({ queryKey: cartQuery.queryKey });
      setActiveAttempt((active) => (active === attempt ? null : active));
    },
    [waitForCardForm, client],
  );

  useEffect(() => {
    if (storedAttempt && !staleAttempt) void poll(storedAttempt);
  }, [storedAttempt, staleAttempt, poll]);

  return {
    progress: progress ?? (storedAttempt && !staleAttempt ? "placing" : null),
    orderedCart: (activeAttempt ?? (staleAttempt ? null : storedAttempt))?.seen ?? null,
    staleAttempt,
    refusal,
    dismiss: () => setRefusal(null),
    place: async (order, seen) => {
      await startAttempt(userId, order, seen);
    },
    resume: () => setResumedKey(storedAttempt?.key),
    discard: () => storedAttempt && endAttempt(storedAttempt.key),
    answerBankRetry: (retry) => resolveBankRetry.current?.(retry),
  };
}

/** Returns the cart without the ordered products, as the server will return it. */
function withoutLines(cart: Cart, ordered: Cart): Cart {
  const ids = new Set(ordered.lines.map(({ productId }) => productId));
  return { ...cart, lines: cart.lines.filter(({ productId }) => !ids.has(productId)) };
}

async function waitUntilOnline(ms: number, onProgress: (progress: OrderProgress) => void): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (navigator.onLine) return;
  onProgress("offline");
  await new Promise((resolve) => window.addEventListener("online", resolve, { once: true }));
  onProgress("delayed");
}

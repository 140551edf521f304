import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { answered, own } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Cart } from "@/api/types";
import { tell } from "@/components/toasts";
import { cartQuery } from "@/features/cart/cart";
import { type Attempt, begin, end, isForgotten, type Order, useAttempt } from "@/features/checkout/attempt";
import { type Progress, pursued } from "@/features/checkout/pursuit";
import type { Card } from "@/features/payment/card";

/** An attempt that has ended without an order. */
export interface Refusal {
  problem: Problem;
  attempt: Attempt;
}

export interface Placing {
  /** Where the attempt stands that is being pursued; null where none is. */
  progress: Progress | null;
  /**
   * What is being ordered, until the cart has been read again: there, what is held for this very order counts as sold.
   */
  ordered: Cart | null;
  /** An attempt from long ago whose end nobody has seen. */
  forgotten: Attempt | null;
  refusal: Refusal | null;
  dismiss: () => void;
  place: (order: Order, seen: Cart) => Promise<void>;
  resume: () => void;
  giveUp: () => void;
  /** The shopper's answer to "bankAgain". */
  answerBank: (again: boolean) => void;
}

/** Place orders, one at a time, and go on with what a reload or another tab has left. */
export function usePlacing(userId: string, card: () => Promise<Card>, onPlaced: (orderId: string) => void): Placing {
  const client = useQueryClient();
  const attempt = useAttempt(userId);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [underWay, setUnderWay] = useState<Attempt | null>(null);
  const [resumed, setResumed] = useState<string>();
  const pursuit = useRef<string>(undefined);
  const bankAnswer = useRef<(again: boolean) => void>(undefined);
  const placed = useRef<((orderId: string) => void) | undefined>(undefined);
  const forgotten = attempt && isForgotten(attempt) && resumed !== attempt.key ? attempt : null;

  useEffect(() => {
    placed.current = onPlaced;
    return () => {
      placed.current = undefined;
    };
  }, [onPlaced]);

  const pursue = useCallback(
    async (begun: Attempt) => {
      // Another tab may end and so remove the attempt; here it is pursued until its own answer comes, which is the same.
      if (pursuit.current === begun.key) return;
      pursuit.current = begun.key;
      setUnderWay(begun);
      setRefusal(null);
      const outcome = await pursued(begun, {
        place: ({ key, order }) =>
          answered(own.POST("/api/orders", { params: { header: { "Idempotency-Key": key } }, body: order })),
        confirm: (orderId) => answered(own.POST("/api/orders/{orderId}/confirm", { params: { path: { orderId } } })),
        authenticate: async (clientSecret) => (await card()).authenticate(clientSecret),
        askBankAgain: () => new Promise((resolve) => (bankAnswer.current = resolve)),
        tell: setProgress,
        wait: (ms) => waited(ms, setProgress),
      });
      pursuit.current = undefined;
      setProgress(null);
      if (outcome.kind === "signedOut") return;
      end(begun.key);
      if (outcome.kind === "placed") {
        client.setQueryData(cartQuery.queryKey, (cart) => (cart ? without(cart, begun.seen) : cart));
        await client.invalidateQueries({ queryKey: ["own", "orders"] });
        // Who has left the page meanwhile stays where they are.
        if (placed.current) placed.current(outcome.orderId);
        else tell("Your order is placed.", { action: { label: "See it", to: `/orders/${outcome.orderId}` } });
        return;
      }
      if (outcome.kind === "refused") setRefusal({ problem: outcome.problem, attempt: begun });
      await client.invalidateQueries({ queryKey: cartQuery.queryKey });
      setUnderWay((last) => (last === begun ? null : last));
    },
    [card, client],
  );

  useEffect(() => {
    if (attempt && !forgotten) void pursue(attempt);
  }, [attempt, forgotten, pursue]);

  return {
    progress: progress ?? (attempt && !forgotten ? "placing" : null),
    ordered: (underWay ?? (forgotten ? null : attempt))?.seen ?? null,
    forgotten,
    refusal,
    dismiss: () => setRefusal(null),
    place: async (order, seen) => {
      await begin(userId, order, seen);
    },
    resume: () => setResumed(attempt?.key),
    giveUp: () => attempt && end(attempt.key),
    answerBank: (again) => bankAnswer.current?.(again),
  };
}

/** The cart as it will be once it has heard of the order. */
function without(cart: Cart, bought: Cart): Cart {
  const ids = new Set(bought.lines.map(({ productId }) => productId));
  return { ...cart, lines: cart.lines.filter(({ productId }) => !ids.has(productId)) };
}

async function waited(ms: number, show: (progress: Progress) => void): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (navigator.onLine) return;
  show("offline");
  await new Promise((resolve) => window.addEventListener("online", resolve, { once: true }));
  show("patience");
}

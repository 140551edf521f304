/** What a visitor had in the cart goes with them when they sign in. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { answered, own } from "@/api/client";
import { Problem } from "@/api/problem";
import type { MergedCart } from "@/api/types";
import { tell } from "@/components/toasts";
import { useSession } from "@/features/auth/session";
import { type AnonymousCart, forget, useAnonymousCart } from "@/features/cart/anonymous";

const AGAIN_MS = 15_000;

/** The cart whose merge has failed for now: nobody waits for it. */
let failed = "";
let merging = "";
const listeners = new Set<() => void>();

function settle(mergeId: string, hasFailed: boolean): void {
  merging = "";
  failed = hasFailed ? mergeId : "";
  listeners.forEach((listener) => listener());
}

function useFailed(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => failed,
  );
}

/** Whether a merge is to come or under way, so that what the server has is not yet the whole cart. */
export function useMergePending(): boolean {
  const { mergeId } = useAnonymousCart();
  const given = useFailed();
  return useSession().status === "signedIn" && mergeId !== "" && mergeId !== given;
}

/** Merge the visitor's cart once somebody is signed in; again after a while where the shop was not reached. */
export function useMergedCart(): void {
  const { status } = useSession();
  const cart = useAnonymousCart();
  const client = useQueryClient();
  const hasFailed = useFailed() === cart.mergeId;

  useEffect(() => {
    if (status !== "signedIn" || cart.mergeId === "") return;
    const timer = setTimeout(() => void merge(), hasFailed ? AGAIN_MS : 0);
    return () => clearTimeout(timer);

    async function merge(): Promise<void> {
      if (merging === cart.mergeId) return;
      merging = cart.mergeId;
      try {
        const { dropped, ...merged } = await mergedWith(cart);
        // The cart of before the merge may be on its way still, and would take the place of this one.
        await client.cancelQueries({ queryKey: ["own", "cart"] });
        client.setQueryData(["own", "cart"], merged);
        forget(cart.mergeId);
        settle(cart.mergeId, false);
        const names = namesOf(dropped, cart);
        if (names) tell(`Not taken over into your cart, because it cannot be had: ${names}.`, { tone: "wrong" });
      } catch (error) {
        // What the server finds invalid it will never take.
        if (error instanceof Problem && error.status === 422) forget(cart.mergeId);
        settle(cart.mergeId, true);
      }
    }
  }, [status, cart, client, hasFailed]);
}

function mergedWith({ mergeId, lines }: AnonymousCart): Promise<MergedCart> {
  const wanted = lines.map(({ productId, quantity }) => ({ productId, quantity }));
  return answered(own.POST("/api/cart/merge", { body: { mergeId, lines: wanted } }));
}

function namesOf(dropped: MergedCart["dropped"], { lines }: AnonymousCart): string {
  const names = new Map(lines.map(({ productId, name }) => [productId, name]));
  return dropped.map(({ productId }) => names.get(productId) ?? productId).join(", ");
}

/** Merges the visitor's cart into the shopper's after signing in. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { authenticatedApi, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import type { MergedCart } from "@/api/types";
import { createStore, useStore } from "@/components/store";
import { showToast } from "@/components/toast";
import { useSession } from "@/features/auth/session";
import { type AnonymousCart, clearAnonymousCart, useAnonymousCart } from "@/features/cart/anonymousCart";
import { CART_KEY } from "@/features/cart/queries";

const RETRY_MS = 15_000;

/** The cart whose last merge has failed: it no longer counts as pending. */
const failedMerge = createStore("");
let activeMergeId = "";

function finishMerge(mergeId: string, hasFailed: boolean): void {
  activeMergeId = "";
  failedMerge.set(hasFailed ? mergeId : "");
}

/** Returns whether a merge is due or running, so that the server's cart is not complete yet. */
export function useIsMergePending(): boolean {
  const { mergeId } = useAnonymousCart();
  const failedMergeId = useStore(failedMerge);
  return useSession().status === "signedIn" && mergeId !== "" && mergeId !== failedMergeId;
}

/** Merges the visitor's cart once the shopper is signed in; retries if the shop could not be reached. */
export function useCartMerge(): void {
  const { status } = useSession();
  const cart = useAnonymousCart();
  const client = useQueryClient();
  const hasFailed = useStore(failedMerge) === cart.mergeId;

  useEffect(() => {
    if (status !== "signedIn" || cart.mergeId === "") return;
    const timer = setTimeout(() => void merge(), hasFailed ? RETRY_MS : 0);
    return () => clearTimeout(timer);

    async function merge(): Promise<void> {
      if (activeMergeId === cart.mergeId) return;
      activeMergeId = cart.mergeId;
      try {
        const { dropped, ...merged } = await requestMerge(cart);
        // A response from before the merge would replace the merged cart.
        await client.cancelQueries({ queryKey: CART_KEY });
        client.setQueryData(CART_KEY, merged);
        clearAnonymousCart(cart.mergeId);
        finishMerge(cart.mergeId, false);
        const names = getDroppedNames(dropped, cart);
        if (names) showToast(`Not taken over into your cart, because it cannot be had: ${names}.`, { tone: "error" });
      } catch (error) {
        // The server will never accept an invalid cart.
        if (error instanceof Problem && error.status === 422) clearAnonymousCart(cart.mergeId);
        finishMerge(cart.mergeId, true);
      }
    }
  }, [status, cart, client, hasFailed]);
}

function requestMerge({ mergeId, lines }: AnonymousCart): Promise<MergedCart> {
  const items = lines.map(({ productId, quantity }) => ({ productId, quantity }));
  return unwrap(authenticatedApi.POST("/api/cart/merge", { body: { mergeId, lines: items } }));
}

function getDroppedNames(dropped: MergedCart["dropped"], { lines }: AnonymousCart): string {
  const names = new Map(lines.map(({ productId, name }) => [productId, name]));
  return dropped.map(({ productId }) => names.get(productId) ?? productId).join(", ");
}

/**
 * The cart of a visitor, stored in this browser and shared by its tabs until the visitor signs in.
 *
 * `mergeId` makes the merge idempotent: two tabs, or a retry after a lost response, merge the cart once.
 */
import { useSyncExternalStore } from "react";

import type { Money } from "@/api/types";

export interface AnonymousCartLine {
  productId: string;
  quantity: number;
  /** As of adding the product; after signing in the server's values replace them. */
  name: string;
  unitPrice: Money;
  imageUrl: string;
}

export interface AnonymousCart {
  mergeId: string;
  lines: readonly AnonymousCartLine[];
}

const KEY = "ecom67.cart";
const EMPTY: AnonymousCart = { mergeId: "", lines: [] };

let cachedText: string | null = null;
let cachedCart: AnonymousCart = EMPTY;
const listeners = new Set<() => void>();

export function getAnonymousCart(): AnonymousCart {
  const text = localStorage.getItem(KEY);
  if (text !== cachedText) {
    cachedText = text;
    cachedCart = parseCart(text);
  }
  return cachedCart;
}

export function useAnonymousCart(): AnonymousCart {
  return useSyncExternalStore(subscribe, getAnonymousCart);
}

/** Replaces the lines. A cart that was empty gets a new `mergeId`. */
export function setAnonymousLines(lines: readonly AnonymousCartLine[]): void {
  const { mergeId } = getAnonymousCart();
  if (lines.length === 0) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, JSON.stringify({ mergeId: mergeId || crypto.randomUUID(), lines }));
  listeners.forEach((listener) => listener());
}

/** Removes a merged cart, unless another one has taken its place. */
export function clearAnonymousCart(mergeId: string): void {
  if (getAnonymousCart().mergeId === mergeId) setAnonymousLines([]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** Returns an empty cart for anything that is not valid: it may come from an older build or have been edited. */
function parseCart(text: string | null): AnonymousCart {
  try {
    const value = JSON.parse(text ?? "null") as AnonymousCart | null;
    return value && typeof value.mergeId === "string" && value.mergeId !== "" && value.lines.every(isLine) ? value : EMPTY;
  } catch {
    return EMPTY;
  }
}

function isLine(line: AnonymousCartLine): boolean {
  return (
    typeof line.productId === "string" &&
    Number.isInteger(line.quantity) &&
    line.quantity > 0 &&
    typeof line.name === "string" &&
    Number.isInteger(line.unitPrice.amount) &&
    typeof line.imageUrl === "string"
  );
}

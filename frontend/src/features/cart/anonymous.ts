/**
 * The cart of a visitor, kept in this browser and shared by its tabs until they sign in.
 *
 * `mergeId` names this cart: to merge it twice, from two tabs or after a lost answer, counts once.
 */
import { useSyncExternalStore } from "react";

import type { Money } from "@/api/types";

export interface AnonymousLine {
  productId: string;
  quantity: number;
  /** As they were when the product was put in; after signing in the server's count. */
  name: string;
  unitPrice: Money;
  imageUrl: string;
}

export interface AnonymousCart {
  mergeId: string;
  lines: readonly AnonymousLine[];
}

const KEY = "ecom67.cart";
const EMPTY: AnonymousCart = { mergeId: "", lines: [] };

let read: string | null = null;
let cart: AnonymousCart = EMPTY;
const listeners = new Set<() => void>();

export function anonymousCart(): AnonymousCart {
  const stored = localStorage.getItem(KEY);
  if (stored !== read) {
    read = stored;
    cart = parsed(stored);
  }
  return cart;
}

export function useAnonymousCart(): AnonymousCart {
  return useSyncExternalStore(subscribe, anonymousCart);
}

/** Replace the lines. A cart that was empty becomes another cart. */
export function keepLines(lines: readonly AnonymousLine[]): void {
  const { mergeId } = anonymousCart();
  if (lines.length === 0) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, JSON.stringify({ mergeId: mergeId || crypto.randomUUID(), lines }));
  listeners.forEach((listener) => listener());
}

/** Forget a cart that was merged, unless another one has taken its place. */
export function forget(mergeId: string): void {
  if (anonymousCart().mergeId === mergeId) keepLines([]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** What was stored may be of an older build, or of somebody's own making: anything unreadable is no cart. */
function parsed(stored: string | null): AnonymousCart {
  try {
    const value = JSON.parse(stored ?? "null") as AnonymousCart | null;
    return value && typeof value.mergeId === "string" && value.mergeId !== "" && value.lines.every(isLine) ? value : EMPTY;
  } catch {
    return EMPTY;
  }
}

function isLine(line: AnonymousLine): boolean {
  return (
    typeof line.productId === "string" &&
    Number.isInteger(line.quantity) &&
    line.quantity > 0 &&
    typeof line.name === "string" &&
    Number.isInteger(line.unitPrice.amount) &&
    typeof line.imageUrl === "string"
  );
}

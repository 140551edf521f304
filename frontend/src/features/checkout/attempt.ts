/**
 * A payment attempt: an order request with its Idempotency-Key.
 *
 * It is stored in this browser from the click on "Pay" until its outcome is known. A reload, a crash and a second tab
 * continue it with the same key, so that none of them orders twice.
 */
import { useSyncExternalStore } from "react";

import type { Cart, Money, ShippingAddress } from "@/api/types";

export interface OrderRequest {
  paymentMethodId: string;
  shippingAddress: ShippingAddress;
  /** Missing in an attempt of an older build: the usual method. */
  deliveryMethod?: string;
  expectedTotal: Money;
}

/** Stored as JSON, so that its field names must not change. */
export interface Attempt {
  key: string;
  userId: string;
  /** Milliseconds since the epoch. */
  begunAt: number;
  order: OrderRequest;
  /** The cart that the shopper saw when they paid. */
  seen: Cart;
}

/** After this time an attempt continues only if the shopper says so. */
export const STALE_AFTER_MS = 15 * 60_000;

const KEY = "ecom67.attempt";
let cachedText: string | null = null;
let cachedAttempt: Attempt | null = null;
const listeners = new Set<() => void>();

function readAttempt(): Attempt | null {
  const text = localStorage.getItem(KEY);
  if (text !== cachedText) {
    cachedText = text;
    cachedAttempt = parseAttempt(text);
  }
  return cachedAttempt;
}

/** Returns the user's attempt with an unknown outcome; null if there is none. */
export function getAttempt(userId: string): Attempt | null {
  const attempt = readAttempt();
  return attempt?.userId === userId ? attempt : null;
}

export function useAttempt(userId: string): Attempt | null {
  return useSyncExternalStore(subscribe, () => getAttempt(userId));
}

/** Starts an attempt, or returns the active one of this or another tab. */
export function startAttempt(userId: string, order: OrderRequest, seen: Cart): Promise<Attempt> {
  return navigator.locks.request(KEY, () => {
    const active = getAttempt(userId);
    if (active) return active;
    const attempt: Attempt = { key: crypto.randomUUID(), userId, begunAt: Date.now(), order, seen };
    writeAttempt(JSON.stringify(attempt));
    return attempt;
  });
}

/** Removes an attempt that has ended or was discarded, but not a newer one. */
export function endAttempt(key: string): void {
  if (readAttempt()?.key === key) writeAttempt(null);
}

/** Removes any attempt, because the shopper signs out. */
export function clearAttempts(): void {
  writeAttempt(null);
}

export function isStale({ begunAt }: Attempt, now = Date.now()): boolean {
  return now - begunAt > STALE_AFTER_MS;
}

function writeAttempt(text: string | null): void {
  if (text === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, text);
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function parseAttempt(text: string | null): Attempt | null {
  try {
    const value = JSON.parse(text ?? "null") as Attempt | null;
    const isComplete =
      typeof value?.key === "string" &&
      typeof value.userId === "string" &&
      typeof value.begunAt === "number" &&
      typeof value.order.paymentMethodId === "string" &&
      Array.isArray(value.seen.lines) &&
      typeof value.seen.shipping.amount === "number" &&
      typeof value.seen.total.amount === "number";
    return isComplete ? value : null;
  } catch {
    return null;
  }
}

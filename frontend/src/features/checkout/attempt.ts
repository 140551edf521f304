/**
 * One attempt to buy: what was asked for, and the Idempotency-Key under which it is asked, as often as it takes.
 *
 * It is kept in this browser from the moment at which the shopper pays until its end is known for certain. So a reload,
 * a crash and a second tab go on with it, and none of them buys a second time.
 */
import { useSyncExternalStore } from "react";

import type { Cart, ShippingAddress, Money } from "@/api/types";

export interface Order {
  paymentMethodId: string;
  shippingAddress: ShippingAddress;
  expectedTotal: Money;
}

export interface Attempt {
  key: string;
  userId: string;
  /** Milliseconds since the epoch. */
  begunAt: number;
  order: Order;
  /** The cart that the shopper saw when they paid. */
  seen: Cart;
}

/** After so long nobody waits for the answer any more: to go on with it is for the shopper to say. */
export const FORGOTTEN_MS = 15 * 60_000;

const KEY = "ecom67.attempt";
let read: string | null = null;
let kept: Attempt | null = null;
const listeners = new Set<() => void>();

function stored(): Attempt | null {
  const text = localStorage.getItem(KEY);
  if (text !== read) {
    read = text;
    kept = parsed(text);
  }
  return kept;
}

/** The attempt of a shopper whose end is not known; null where there is none. */
export function attemptOf(userId: string): Attempt | null {
  const attempt = stored();
  return attempt?.userId === userId ? attempt : null;
}

export function useAttempt(userId: string): Attempt | null {
  return useSyncExternalStore(subscribe, () => attemptOf(userId));
}

/** Begin an attempt, unless one is under way, in this tab or another: then that one is returned. */
export function begin(userId: string, order: Order, seen: Cart): Promise<Attempt> {
  return navigator.locks.request(KEY, () => {
    const underWay = attemptOf(userId);
    if (underWay) return underWay;
    const attempt: Attempt = { key: crypto.randomUUID(), userId, begunAt: Date.now(), order, seen };
    keep(JSON.stringify(attempt));
    return attempt;
  });
}

/** Forget an attempt whose end is known, or that the shopper gives up; a newer one stays. */
export function end(key: string): void {
  if (stored()?.key === key) keep(null);
}

/** Forget whatever there is: the shopper leaves this browser. */
export function forgetAttempts(): void {
  keep(null);
}

export function isForgotten({ begunAt }: Attempt, now = Date.now()): boolean {
  return now - begunAt > FORGOTTEN_MS;
}

function keep(text: string | null): void {
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

function parsed(text: string | null): Attempt | null {
  try {
    const value = JSON.parse(text ?? "null") as Attempt | null;
    const isWhole =
      typeof value?.key === "string" &&
      typeof value.userId === "string" &&
      typeof value.begunAt === "number" &&
      typeof value.order.paymentMethodId === "string" &&
      Array.isArray(value.seen.lines) &&
      typeof value.seen.shipping.amount === "number" &&
      typeof value.seen.total.amount === "number";
    return isWhole ? value : null;
  } catch {
    return null;
  }
}

import type { Money } from "@/api/types";

const CURRENCY = "USD";
const DOLLARS = /^\$?\s*(\d{1,6})(?:[.,](\d{1,2}))?$/;

/** Reads an amount as people type it, such as `24.5`; undefined if it is none. No float is involved. */
export function parseDollars(text: string): Money | undefined {
  const [, dollars, cents = ""] = DOLLARS.exec(text.trim()) ?? [];
  return dollars === undefined ? undefined : { amount: Number(dollars) * 100 + Number(cents.padEnd(2, "0")), currency: CURRENCY };
}

/** Returns an amount for a field: `24.50`. */
export function toDollars(price: Money | null | undefined): string {
  if (!price) return "";
  const cents = String(price.amount).padStart(3, "0");
  return `${cents.slice(0, -2)}.${cents.slice(-2)}`;
}

import type { Money } from "@/api/types";

/** Returns a price of the assistant with its currency, which messages may omit. */
export function toMoney({ amount, currency = "USD" }: { amount: number; currency?: string }): Money {
  return { amount, currency };
}

import type { Money } from "@/api/types";

/** Cached, because creating a formatter takes longer than using it and a page shows dozens of prices. */
const formatters = new Map<string, Intl.NumberFormat>();

function getFormatter(currency: string): Intl.NumberFormat {
  const cached = formatters.get(currency);
  if (cached) return cached;
  const formatter = new Intl.NumberFormat("en-US", { style: "currency", currency });
  formatters.set(currency, formatter);
  return formatter;
}

/** Formats an amount in minor units (cents); the currency determines the number of digits. */
export function formatMoney({ amount, currency }: Money): string {
  const formatter = getFormatter(currency);
  const digits = formatter.resolvedOptions().maximumFractionDigits ?? 2;
  return formatter.format(amount / 10 ** digits);
}

/** Returns a price times a quantity, for what is shown before the server has answered. */
export function multiplyMoney(price: Money, quantity: number): Money {
  return { ...price, amount: price.amount * quantity };
}

import type { Money } from "@/api/types";

/** A page shows dozens of prices, and to make a format takes longer than to use it. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  formats.set(currency, format);
  return format;
}

/** An amount as the shopper reads it. Amounts are in minor units; the currency says how many of them make one. */
export function formatted({ amount, currency }: Money): string {
  const format = formatOf(currency);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** A price times a quantity, for what is shown before the server has answered. */
export function times(price: Money, quantity: number): Money {
  return { ...price, amount: price.amount * quantity };
}

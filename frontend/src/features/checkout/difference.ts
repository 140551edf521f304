/** What has changed between the cart that the shopper saw when they paid and the one of now. */
import type { Cart, Money } from "@/api/types";

export interface Difference {
  /** Of the product, or "Delivery". */
  name: string;
  /** Units; null where the product was not, or is no longer, in the cart. */
  before: { price: Money; quantity: number } | null;
  after: { price: Money; quantity: number } | null;
}

export function differences(seen: Cart, now: Cart): Difference[] {
  const lines = new Map<string, Difference>();
  for (const { productId, name, unitPrice, quantity } of seen.lines)
    lines.set(productId, { name, before: { price: unitPrice, quantity }, after: null });
  for (const { productId, name, unitPrice, quantity } of now.lines)
    lines.set(productId, { name, before: lines.get(productId)?.before ?? null, after: { price: unitPrice, quantity } });
  const shipping: Difference = {
    name: "Delivery",
    before: { price: seen.shipping, quantity: 1 },
    after: { price: now.shipping, quantity: 1 },
  };
  return [...lines.values(), shipping].filter(isOne);
}

function isOne({ before, after }: Difference): boolean {
  return before?.quantity !== after?.quantity || before?.price.amount !== after?.price.amount;
}

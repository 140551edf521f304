/** The differences between the cart that the shopper saw and the current one. */
import type { Cart, Money } from "@/api/types";

interface CartDifference {
  /** The product's name, "Delivery" or "Tax". */
  name: string;
  /** Unit price and quantity; null if the product was not in the cart. */
  before: { price: Money; quantity: number } | null;
  after: { price: Money; quantity: number } | null;
}

export function diffCarts(seenCart: Cart, currentCart: Cart): CartDifference[] {
  const lines = new Map<string, CartDifference>();
  for (const { productId, name, unitPrice, quantity } of seenCart.lines)
    lines.set(productId, { name, before: { price: unitPrice, quantity }, after: null });
  for (const { productId, name, unitPrice, quantity } of currentCart.lines)
    lines.set(productId, { name, before: lines.get(productId)?.before ?? null, after: { price: unitPrice, quantity } });
  const shipping: CartDifference = {
    name: "Delivery",
    before: { price: seenCart.shipping, quantity: 1 },
    after: { price: currentCart.shipping, quantity: 1 },
  };
  const tax: CartDifference = { name: "Tax", before: addedTax(seenCart), after: addedTax(currentCart) };
  return [...lines.values(), shipping, tax].filter(isChanged);
}

/** Tax that is within the prices is no part of the sum. */
function addedTax({ tax }: Cart): CartDifference["before"] {
  return tax?.prices === "EXCLUSIVE" ? { price: tax.amount, quantity: 1 } : null;
}

function isChanged({ before, after }: CartDifference): boolean {
  return before?.quantity !== after?.quantity || before?.price.amount !== after?.price.amount;
}

/** Carts and orders for the tests of checkout. */
import type { Cart, CartLine } from "@/api/types";
import type { OrderRequest } from "@/features/checkout/attempt";

export function usd(amount: number) {
  return { amount, currency: "USD" };
}

export function makeLine(productId: string, price: number, quantity = 1): CartLine {
  return {
    productId,
    name: productId,
    quantity,
    unitPrice: usd(price),
    lineTotal: usd(price * quantity),
    imageUrl: "",
    available: 9,
  };
}

export function makeCart(lines: CartLine[], shipping = 599): Cart {
  const subtotal = lines.reduce((sum, { lineTotal }) => sum + lineTotal.amount, 0);
  return { lines, subtotal: usd(subtotal), shipping: usd(shipping), total: usd(subtotal + shipping) };
}

export const orderRequest: OrderRequest = {
  paymentMethodId: "pm_card_visa",
  shippingAddress: { name: "Ada", line1: "12 Harbour Street", city: "Portland", postalCode: "97201", country: "US" },
  expectedTotal: usd(2399),
};

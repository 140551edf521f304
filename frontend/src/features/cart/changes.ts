/** Changes of a cart, and its optimistic update. Totals are always the server's. */
import { authenticatedApi, unwrap } from "@/api/client";
import type { Cart, CartLine, Product } from "@/api/types";
import { multiplyMoney } from "@/components/money";
import type { AnonymousCartLine } from "@/features/cart/anonymousCart";

export type AddableProduct = Pick<Product, "productId" | "name" | "price" | "imageUrl">;

export type CartChange =
  | { kind: "add"; product: AddableProduct; quantity: number }
  | { kind: "set"; productId: string; quantity: number }
  | { kind: "remove"; productId: string }
  | { kind: "empty" };

interface BaseLine {
  productId: string;
  quantity: number;
}

/** Returns the lines after a change. `createLine` creates the line of a product that is new in the cart. */
export function applyChange<L extends BaseLine>(lines: readonly L[], change: CartChange, createLine: (product: AddableProduct) => L): L[] {
  switch (change.kind) {
    case "add": {
      const { product, quantity } = change;
      const isInCart = lines.some(({ productId }) => productId === product.productId);
      return isInCart
        ? lines.map((line) => (line.productId === product.productId ? { ...line, quantity: line.quantity + quantity } : line))
        : [...lines, { ...createLine(product), quantity }];
    }
    case "set":
      return lines.map((line) => (line.productId === change.productId ? { ...line, quantity: change.quantity } : line));
    case "remove":
      return lines.filter(({ productId }) => productId !== change.productId);
    case "empty":
      return [];
  }
}

export function toAnonymousLine({ productId, name, price, imageUrl }: AddableProduct): AnonymousCartLine {
  return { productId, quantity: 0, name, unitPrice: price, imageUrl };
}

/** Returns the cart as the server will probably return it. */
export function applyOptimistically(cart: Cart, change: CartChange): Cart {
  const lines = applyChange<CartLine>(cart.lines, change, (product) => ({
    ...toAnonymousLine(product),
    lineTotal: product.price,
    available: change.kind === "add" ? change.quantity : 0,
  }));
  return { ...cart, lines: lines.map((line) => ({ ...line, lineTotal: multiplyMoney(line.unitPrice, line.quantity) })) };
}

/** Sends a change to the server; returns the updated cart. */
export function sendChange(change: CartChange): Promise<Cart> {
  switch (change.kind) {
    case "add":
      return unwrap(
        authenticatedApi.POST("/api/cart", { body: { productId: change.product.productId, quantity: change.quantity } }),
      );
    case "set":
      return unwrap(
        authenticatedApi.PUT("/api/cart/{productId}", {
          params: { path: { productId: change.productId } },
          body: { quantity: change.quantity },
        }),
      );
    case "remove":
      return unwrap(authenticatedApi.DELETE("/api/cart/{productId}", { params: { path: { productId: change.productId } } }));
    case "empty":
      return unwrap(authenticatedApi.DELETE("/api/cart"));
  }
}

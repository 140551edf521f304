/** Changes of a cart, and what it looks like at once, before the server has answered. Totals stay the server's. */
import { answered, own } from "@/api/client";
import type { Cart, CartLine, Product } from "@/api/types";
import { times } from "@/components/money";
import type { AnonymousLine } from "@/features/cart/anonymous";

export type Addable = Pick<Product, "productId" | "name" | "price" | "imageUrl">;

export type Change =
  | { kind: "add"; product: Addable; quantity: number }
  | { kind: "set"; productId: string; quantity: number }
  | { kind: "remove"; productId: string }
  | { kind: "empty" };

interface Line {
  productId: string;
  quantity: number;
}

/** The lines after a change. `made` makes the line of a product that was not among them. */
export function changed<L extends Line>(lines: readonly L[], change: Change, made: (product: Addable) => L): L[] {
  switch (change.kind) {
    case "add": {
      const { product, quantity } = change;
      const held = lines.some(({ productId }) => productId === product.productId);
      return held
        ? lines.map((line) => (line.productId === product.productId ? { ...line, quantity: line.quantity + quantity } : line))
        : [...lines, { ...made(product), quantity }];
    }
    case "set":
      return lines.map((line) => (line.productId === change.productId ? { ...line, quantity: change.quantity } : line));
    case "remove":
      return lines.filter(({ productId }) => productId !== change.productId);
    case "empty":
      return [];
  }
}

export function anonymousLine({ productId, name, price, imageUrl }: Addable): AnonymousLine {
  return { productId, quantity: 0, name, unitPrice: price, imageUrl };
}

/** The cart as it will probably be. */
export function expected(cart: Cart, change: Change): Cart {
  const lines = changed<CartLine>(cart.lines, change, (product) => ({
    ...anonymousLine(product),
    lineTotal: product.price,
    available: change.kind === "add" ? change.quantity : 0,
  }));
  return { ...cart, lines: lines.map((line) => ({ ...line, lineTotal: times(line.unitPrice, line.quantity) })) };
}

/** Ask the server for a change; it answers the cart as it is then. */
export function sent(change: Change): Promise<Cart> {
  switch (change.kind) {
    case "add":
      return answered(
        own.POST("/api/cart", { body: { productId: change.product.productId, quantity: change.quantity } }),
      );
    case "set":
      return answered(
        own.PUT("/api/cart/{productId}", {
          params: { path: { productId: change.productId } },
          body: { quantity: change.quantity },
        }),
      );
    case "remove":
      return answered(own.DELETE("/api/cart/{productId}", { params: { path: { productId: change.productId } } }));
    case "empty":
      return answered(own.DELETE("/api/cart"));
  }
}

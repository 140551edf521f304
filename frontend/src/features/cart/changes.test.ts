import { describe, expect, it } from "vitest";

import type { Cart } from "@/api/types";
import { type AddableProduct, applyChange, applyOptimistically, toAnonymousLine } from "@/features/cart/changes";

const mug: AddableProduct = { productId: "mug", name: "Mug", price: { amount: 1800, currency: "USD" }, imageUrl: "/mug.svg" };
const lines = [{ ...toAnonymousLine(mug), quantity: 2 }];

describe("applyChange", () => {
  it("adds to the quantity of an existing line", () => {
    expect(applyChange(lines, { kind: "add", product: mug, quantity: 3 }, toAnonymousLine)).toEqual([
      { ...toAnonymousLine(mug), quantity: 5 },
    ]);
  });

  it("appends a new product", () => {
    const pan = { ...mug, productId: "pan" };
    const after = applyChange(lines, { kind: "add", product: pan, quantity: 1 }, toAnonymousLine);
    expect(after.map(({ productId, quantity }) => [productId, quantity])).toEqual([
      ["mug", 2],
      ["pan", 1],
    ]);
  });

  it("sets, removes and empties", () => {
    expect(applyChange(lines, { kind: "set", productId: "mug", quantity: 7 }, toAnonymousLine)[0]?.quantity).toBe(7);
    expect(applyChange(lines, { kind: "remove", productId: "mug" }, toAnonymousLine)).toEqual([]);
    expect(applyChange(lines, { kind: "empty" }, toAnonymousLine)).toEqual([]);
  });
});

describe("applyOptimistically", () => {
  const usd = (amount: number) => ({ amount, currency: "USD" });
  const cart: Cart = {
    lines: [
      { productId: "mug", name: "Mug", quantity: 1, unitPrice: usd(1800), lineTotal: usd(1800), imageUrl: "", available: 9 },
    ],
    subtotal: usd(1800),
    shipping: usd(599),
    total: usd(2399),
  };

  it("updates the line total and keeps the server's totals", () => {
    const after = applyOptimistically(cart, { kind: "set", productId: "mug", quantity: 4 });
    expect(after.lines[0]?.lineTotal).toEqual(usd(7200));
    expect([after.subtotal, after.shipping, after.total]).toEqual([usd(1800), usd(599), usd(2399)]);
  });
});

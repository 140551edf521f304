import { describe, expect, it } from "vitest";

import type { Cart } from "@/api/types";
import { type Addable, anonymousLine, changed, expected } from "@/features/cart/changes";

const mug: Addable = { productId: "mug", name: "Mug", price: { amount: 1800, currency: "USD" }, imageUrl: "/mug.svg" };
const lines = [{ ...anonymousLine(mug), quantity: 2 }];

describe("a change of the lines", () => {
  it("adds to the units that are there", () => {
    expect(changed(lines, { kind: "add", product: mug, quantity: 3 }, anonymousLine)).toEqual([
      { ...anonymousLine(mug), quantity: 5 },
    ]);
  });

  it("puts a product that is new to the end", () => {
    const pan = { ...mug, productId: "pan" };
    const after = changed(lines, { kind: "add", product: pan, quantity: 1 }, anonymousLine);
    expect(after.map(({ productId, quantity }) => [productId, quantity])).toEqual([
      ["mug", 2],
      ["pan", 1],
    ]);
  });

  it("sets, removes and empties", () => {
    expect(changed(lines, { kind: "set", productId: "mug", quantity: 7 }, anonymousLine)[0]?.quantity).toBe(7);
    expect(changed(lines, { kind: "remove", productId: "mug" }, anonymousLine)).toEqual([]);
    expect(changed(lines, { kind: "empty" }, anonymousLine)).toEqual([]);
  });
});

describe("the cart as it will probably be", () => {
  const usd = (amount: number) => ({ amount, currency: "USD" });
  const cart: Cart = {
    lines: [
      { productId: "mug", name: "Mug", quantity: 1, unitPrice: usd(1800), lineTotal: usd(1800), imageUrl: "", available: 9 },
    ],
    subtotal: usd(1800),
    shipping: usd(599),
    total: usd(2399),
  };

  it("has the new line total, and the totals that the server computed last", () => {
    const after = expected(cart, { kind: "set", productId: "mug", quantity: 4 });
    expect(after.lines[0]?.lineTotal).toEqual(usd(7200));
    expect([after.subtotal, after.shipping, after.total]).toEqual([usd(1800), usd(599), usd(2399)]);
  });
});

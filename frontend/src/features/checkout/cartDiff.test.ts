import { describe, expect, it } from "vitest";

import { diffCarts } from "@/features/checkout/cartDiff";
import { makeCart, makeLine, usd } from "@/features/checkout/fixtures";

const seen = makeCart([makeLine("mug", 1800, 2), makeLine("pan", 4200)], 0);

describe("diffCarts", () => {
  it("is empty if nothing has changed", () => {
    expect(diffCarts(seen, makeCart([makeLine("pan", 4200), makeLine("mug", 1800, 2)], 0))).toEqual([]);
  });

  it("lists changed prices and quantities, new and removed products, and delivery", () => {
    const now = makeCart([makeLine("mug", 1900, 3), makeLine("tea", 700)], 599);
    expect(diffCarts(seen, now)).toEqual([
      { name: "mug", before: { price: usd(1800), quantity: 2 }, after: { price: usd(1900), quantity: 3 } },
      { name: "pan", before: { price: usd(4200), quantity: 1 }, after: null },
      { name: "tea", before: null, after: { price: usd(700), quantity: 1 } },
      { name: "Delivery", before: { price: usd(0), quantity: 1 }, after: { price: usd(599), quantity: 1 } },
    ]);
  });
});

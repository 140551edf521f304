import { describe, expect, it } from "vitest";

import { differences } from "@/features/checkout/difference";
import { cartOf, line, usd } from "@/features/checkout/testing";

const seen = cartOf([line("mug", 1800, 2), line("pan", 4200)], 0);

describe("the difference to what the shopper saw", () => {
  it("is none where nothing has changed", () => {
    expect(differences(seen, cartOf([line("pan", 4200), line("mug", 1800, 2)], 0))).toEqual([]);
  });

  it("names prices, quantities, what has come, what has gone, and the delivery", () => {
    const now = cartOf([line("mug", 1900, 3), line("tea", 700)], 599);
    expect(differences(seen, now)).toEqual([
      { name: "mug", before: { price: usd(1800), quantity: 2 }, after: { price: usd(1900), quantity: 3 } },
      { name: "pan", before: { price: usd(4200), quantity: 1 }, after: null },
      { name: "tea", before: null, after: { price: usd(700), quantity: 1 } },
      { name: "Delivery", before: { price: usd(0), quantity: 1 }, after: { price: usd(599), quantity: 1 } },
    ]);
  });
});

import { describe, expect, it } from "vitest";

import type { Interpretation } from "@/api/types";
import { interpretedFilters } from "@/features/search/interpretations";
import { parseCriteria } from "@/features/search/searchCriteria";

const CATEGORIES = [{ category: "garden", name: "Garden", productCount: 1 }];
const criteria = parseCriteria(new URLSearchParams("q=lamp under 50&brand=Esk"));

function interpretation(given: Partial<Interpretation>): Interpretation {
  return { kind: "max-price", words: "under 50", queryWithout: "lamp", ...given };
}

function namesOf(...interpretations: Interpretation[]): string[] {
  return interpretedFilters(interpretations, criteria, CATEGORIES).map(({ name }) => name);
}

describe("filters in words", () => {
  it("are named as a shopper would read them", () => {
    expect(
      namesOf(
        interpretation({ kind: "sort", value: "price-asc", words: "cheapest" }),
        interpretation({ kind: "colour", value: "red", words: "red" }),
        interpretation({ kind: "category", value: "garden", words: "for a gardener" }),
        interpretation({ kind: "max-price", amount: 5000 }),
      ),
    ).toEqual(["Price, low to high", "Red", "Garden", "Up to $50.00"]);
  });

  it("are one for the two bounds of a range", () => {
    const words = "between 20 and 50";
    expect(
      namesOf(interpretation({ kind: "min-price", amount: 2000, words }), interpretation({ kind: "max-price", amount: 5000, words })),
    ).toEqual(["$20.00 – $50.00"]);
  });

  it("go with their words, and the other filters stay", () => {
    const [filter] = interpretedFilters([interpretation({ amount: 5000 })], criteria, CATEGORIES);
    expect(filter?.without).toEqual({ ...criteria, q: "lamp" });
  });
});

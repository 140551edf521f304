import { describe, expect, it } from "vitest";

import { hasFilters, parseCriteria, toggled, toSearchParams, withoutFilters } from "@/features/search/searchCriteria";

const PARAMS = "q=mug&category=kitchen&category=garden&brand=Fennick+%26+Lowe&minPrice=1000&maxPrice=4999&inStock=true&sort=newest";

describe("search criteria", () => {
  it("survive a round trip through the URL", () => {
    expect(toSearchParams(parseCriteria(new URLSearchParams(PARAMS))).toString()).toBe(PARAMS);
  });

  it("omit invalid values", () => {
    const criteria = parseCriteria(new URLSearchParams("q=++&category=&minPrice=-3&maxPrice=1e5&sort=best&inStock=yes&brand=a&brand=a"));
    expect(toSearchParams(criteria).toString()).toBe("brand=a");
  });

  it("are empty without parameters", () => {
    const criteria = parseCriteria(new URLSearchParams());
    expect(toSearchParams(criteria).toString()).toBe("");
    expect(hasFilters(criteria)).toBe(false);
  });

  it("keep query and sort order without filters", () => {
    const criteria = withoutFilters(parseCriteria(new URLSearchParams(PARAMS)));
    expect(toSearchParams(criteria).toString()).toBe("q=mug&sort=newest");
    expect(hasFilters(criteria)).toBe(false);
  });
});

it("toggles a value", () => {
  expect(toggled(toggled(["a"], "b"), "a")).toEqual(["b"]);
});

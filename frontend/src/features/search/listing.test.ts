import { describe, expect, it } from "vitest";

import { isNarrowed, listingOf, paramsOf, toggled, widened } from "@/features/search/listing";

const ADDRESS = "q=mug&category=kitchen&category=garden&brand=Fennick+%26+Lowe&minPrice=1000&maxPrice=4999&inStock=true&sort=newest";

describe("the list that an address asks for", () => {
  it("is told by the address again", () => {
    expect(paramsOf(listingOf(new URLSearchParams(ADDRESS))).toString()).toBe(ADDRESS);
  });

  it("leaves out what is no value", () => {
    const listing = listingOf(new URLSearchParams("q=++&category=&minPrice=-3&maxPrice=1e5&sort=best&inStock=yes&brand=a&brand=a"));
    expect(paramsOf(listing).toString()).toBe("brand=a");
  });

  it("is everything where nothing is asked for", () => {
    const listing = listingOf(new URLSearchParams());
    expect(paramsOf(listing).toString()).toBe("");
    expect(isNarrowed(listing)).toBe(false);
  });

  it("keeps what was typed when it is widened", () => {
    const listing = widened(listingOf(new URLSearchParams(ADDRESS)));
    expect(paramsOf(listing).toString()).toBe("q=mug&sort=newest");
    expect(isNarrowed(listing)).toBe(false);
  });
});

it("a value that is chosen again is given up", () => {
  expect(toggled(toggled(["a"], "b"), "a")).toEqual(["b"]);
});

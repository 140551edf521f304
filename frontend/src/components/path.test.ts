import { matchRoutes } from "react-router";
import { expect, it } from "vitest";

import { path } from "@/components/path";

const CATEGORIES = ["Home/Garden", "R&D + Tools #1", "50% Off?", "Dr. Martens", "Küche", "茶", "a%2Fb", "garden"];

it.each(CATEGORIES)("leads to the page of the category %s", (category) => {
  const url = new URL(path`/c/${category}`, "https://shop");
  expect([url.search, url.hash]).toEqual(["", ""]);
  expect(matchRoutes([{ path: "/c/:category" }], url.pathname)?.[0]?.params.category).toBe(category === "a%2Fb" ? "a/b" : category);
});

it("carries what is searched for", () => {
  const url = new URL(path`/search?q=${"R&D + Tools #1 50%"}`, "https://shop");
  expect(url.searchParams.get("q")).toBe("R&D + Tools #1 50%");
});

import { describe, expect, it } from "vitest";

import { destinationOf, signInFor } from "@/features/auth/destination";

describe("where the shopper was going", () => {
  it("is found again after signing in", () => {
    const address = signInFor({ pathname: "/orders", search: "?cursor=a&b" });
    expect(destinationOf(address.slice(address.indexOf("?")))).toBe("/orders?cursor=a&b");
  });

  it.each(["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "orders", ""])(
    "is the start where the address names %s",
    (to) => {
      expect(destinationOf(`?to=${encodeURIComponent(to)}`)).toBe("/");
    },
  );
});

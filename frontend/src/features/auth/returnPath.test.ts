import { describe, expect, it } from "vitest";

import { returnPath, signInPath } from "@/features/auth/returnPath";

describe("the return path", () => {
  it("survives signing in", () => {
    const address = signInPath({ pathname: "/orders", search: "?cursor=a&b" });
    expect(returnPath(address.slice(address.indexOf("?")))).toBe("/orders?cursor=a&b");
  });

  it.each(["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "orders", ""])(
    "is the home page for %s",
    (to) => {
      expect(returnPath(`?to=${encodeURIComponent(to)}`)).toBe("/");
    },
  );
});

import { describe, expect, it } from "vitest";

import { type AnonymousCartLine, clearAnonymousCart, getAnonymousCart, setAnonymousLines } from "@/features/cart/anonymousCart";

const line: AnonymousCartLine = {
  productId: "mug",
  quantity: 2,
  name: "Mug",
  unitPrice: { amount: 1800, currency: "USD" },
  imageUrl: "/mug.svg",
};

describe("a visitor's cart", () => {
  it("keeps its merge id while it changes, and gets a new one after it was empty", () => {
    setAnonymousLines([line]);
    const { mergeId } = getAnonymousCart();
    setAnonymousLines([line, { ...line, productId: "pan" }]);
    expect(getAnonymousCart().mergeId).toBe(mergeId);

    setAnonymousLines([]);
    setAnonymousLines([line]);
    expect(getAnonymousCart().mergeId).not.toBe(mergeId);
  });

  it("is removed after its merge, unless it was replaced", () => {
    setAnonymousLines([line]);
    const { mergeId } = getAnonymousCart();
    clearAnonymousCart("another");
    expect(getAnonymousCart().lines).toHaveLength(1);
    clearAnonymousCart(mergeId);
    expect(getAnonymousCart().lines).toEqual([]);
  });

  it.each(["{", "null", "[]", '{"mergeId":"a"}', '{"mergeId":"a","lines":[{"productId":1}]}', '{"mergeId":"","lines":[]}'])(
    "is empty if %s is stored",
    (stored) => {
      localStorage.setItem("ecom67.cart", stored);
      expect(getAnonymousCart().lines).toEqual([]);
    },
  );

  it("reflects changes of another tab", () => {
    setAnonymousLines([line]);
    localStorage.setItem("ecom67.cart", JSON.stringify({ mergeId: "other", lines: [{ ...line, quantity: 9 }] }));
    expect(getAnonymousCart()).toMatchObject({ mergeId: "other", lines: [{ quantity: 9 }] });
  });
});

import { describe, expect, it } from "vitest";

import { type AnonymousLine, anonymousCart, forget, keepLines } from "@/features/cart/anonymous";

const line: AnonymousLine = {
  productId: "mug",
  quantity: 2,
  name: "Mug",
  unitPrice: { amount: 1800, currency: "USD" },
  imageUrl: "/mug.svg",
};

describe("a visitor's cart", () => {
  it("keeps its id while it changes, and gets another once it was empty", () => {
    keepLines([line]);
    const { mergeId } = anonymousCart();
    keepLines([line, { ...line, productId: "pan" }]);
    expect(anonymousCart().mergeId).toBe(mergeId);

    keepLines([]);
    keepLines([line]);
    expect(anonymousCart().mergeId).not.toBe(mergeId);
  });

  it("is forgotten after its merge, but a newer one is not", () => {
    keepLines([line]);
    const { mergeId } = anonymousCart();
    forget("another");
    expect(anonymousCart().lines).toHaveLength(1);
    forget(mergeId);
    expect(anonymousCart().lines).toEqual([]);
  });

  it.each(["{", "null", "[]", '{"mergeId":"a"}', '{"mergeId":"a","lines":[{"productId":1}]}', '{"mergeId":"","lines":[]}'])(
    "is empty where %s is stored",
    (stored) => {
      localStorage.setItem("ecom67.cart", stored);
      expect(anonymousCart().lines).toEqual([]);
    },
  );

  it("shows what another tab has stored", () => {
    keepLines([line]);
    localStorage.setItem("ecom67.cart", JSON.stringify({ mergeId: "other", lines: [{ ...line, quantity: 9 }] }));
    expect(anonymousCart()).toMatchObject({ mergeId: "other", lines: [{ quantity: 9 }] });
  });
});

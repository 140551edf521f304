import { describe, expect, it } from "vitest";

import { Problem } from "@/api/problem";
import { InvalidProductForm, nameFields, readProduct, toProductFormErrors, writeAttributes } from "@/staff/features/products/productForm";

const VALUES = { name: "Lamp", category: "lighting", price: "24.50", attributes: "Material: brass\nSize: 12 cm: wide\n", tags: "new, brass ,", status: "HIDDEN" };

describe("readProduct", () => {
  it("returns what the API takes", () => {
    expect(readProduct(VALUES, ["/images/a.webp", "/images/b.webp"])).toEqual({
      name: "Lamp",
      description: "",
      category: "lighting",
      brand: "",
      price: { amount: 2450, currency: "USD" },
      compareAtPrice: null,
      imageUrl: "/images/a.webp",
      images: ["/images/a.webp", "/images/b.webp"],
      tags: ["new", "brass"],
      attributes: { Material: "brass", Size: "12 cm: wide" },
      status: "HIDDEN",
    });
  });

  it("reads the attributes that it has written", () => {
    const { attributes } = readProduct(VALUES, []);
    expect(readProduct({ ...VALUES, attributes: writeAttributes(attributes) }, []).attributes).toEqual(attributes);
  });

  it("refuses amounts and lines that it cannot read, all at once", () => {
    const read = () => readProduct({ ...VALUES, price: "cheap", compareAtPrice: "1.234", attributes: "brass" }, []);
    expect(read).toThrow(InvalidProductForm);
    try {
      read();
    } catch (error) {
      expect(Object.keys(toProductFormErrors(error))).toEqual(["price", "compareAtPrice", "attributes"]);
    }
  });
});

it("shows the API's error of a part at its field", () => {
  const errors = [{ path: "body.price.amount", message: "too much" }];
  const problem = new Problem({ type: "", title: "", status: 422, code: "VALIDATION", detail: "", errors });
  expect(toProductFormErrors(problem)).toEqual({ price: "too much" });
});

it("names fields in a sentence", () => {
  expect([nameFields(["price"]), nameFields(["price", "tags", "images"])]).toEqual(["price", "price, tags and pictures"]);
});

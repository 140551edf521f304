import { beforeEach, describe, expect, it, vi } from "vitest";

import { answered, own, shop, takeTokensFrom } from "@/api/client";
import { Problem, Unreachable } from "@/api/problem";

const cart = { lines: [], subtotal: { amount: 0 }, shipping: { amount: 0 }, total: { amount: 0 } };
const problem = { type: "urn:x", title: "X", status: 409, code: "OUT_OF_STOCK", detail: "None left.", available: 0 };

function answers(...responses: (Response | Error)[]) {
  const fetched = vi.fn<(request: Request) => Promise<Response>>();
  for (const response of responses) {
    if (response instanceof Error) fetched.mockRejectedValueOnce(response);
    else fetched.mockResolvedValueOnce(response);
  }
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });

const tokens = { current: vi.fn<() => Promise<string | null>>(), renewed: vi.fn<() => Promise<string | null>>() };
// Node's own Request wants whole addresses.
const at = { baseUrl: "http://shop.test" };

describe("the API client", () => {
  beforeEach(() => {
    tokens.current.mockReset().mockResolvedValue("old");
    tokens.renewed.mockReset().mockResolvedValue("new");
    takeTokensFrom(tokens);
  });

  it("sends the shopper's token", async () => {
    const fetched = answers(json(200, cart));
    await answered(own.GET("/api/cart", at));
    expect(fetched.mock.calls[0]?.[0].headers.get("Authorization")).toBe("Bearer old");
  });

  it("renews a refused token once and repeats the request with its body", async () => {
    const fetched = answers(json(401, {}), json(200, cart));
    await answered(own.POST("/api/cart", { ...at, body: { productId: "mug", quantity: 2 } }));
    const again = fetched.mock.calls[1]?.[0];
    expect(again?.headers.get("Authorization")).toBe("Bearer new");
    expect(await again?.json()).toEqual({ productId: "mug", quantity: 2 });
  });

  it("tells of a session that has ended", async () => {
    tokens.renewed.mockResolvedValue(null);
    answers(json(401, { message: "Unauthorized" }));
    await expect(answered(own.GET("/api/cart", at))).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });

  it("asks for no token where anybody may look", async () => {
    answers(json(200, { items: [] }));
    await answered(shop.GET("/api/categories", at));
    expect(tokens.current).not.toHaveBeenCalled();
  });

  it("gives problem details as they are, with their further members", async () => {
    answers(json(409, problem));
    const failure = answered(own.POST("/api/cart", { ...at, body: { productId: "mug", quantity: 2 } }));
    await expect(failure).rejects.toSatisfy((error) => error instanceof Problem && error.details.available === 0);
  });

  it("makes a problem of what a proxy answers", async () => {
    answers(new Response("<html>Bad gateway</html>", { status: 502 }));
    await expect(answered(shop.GET("/api/categories", at))).rejects.toMatchObject({ code: "UNEXPECTED", status: 502 });
  });

  it("tells a failed connection from an answer", async () => {
    answers(new TypeError("Failed to fetch"));
    await expect(answered(shop.GET("/api/categories", at))).rejects.toBeInstanceOf(Unreachable);
  });
});

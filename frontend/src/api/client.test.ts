import { beforeEach, describe, expect, it, vi } from "vitest";

import { authenticatedApi, publicApi, setTokenSource, unwrap } from "@/api/client";
import { Problem, Unreachable } from "@/api/problem";

const cart = { lines: [], subtotal: { amount: 0 }, shipping: { amount: 0 }, total: { amount: 0 } };
const problem = { type: "urn:x", title: "X", status: 409, code: "OUT_OF_STOCK", detail: "None left.", available: 0 };

function mockFetch(...responses: (Response | Error)[]) {
  const fetchMock = vi.fn<(request: Request) => Promise<Response>>();
  for (const response of responses) {
    if (response instanceof Error) fetchMock.mockRejectedValueOnce(response);
    else fetchMock.mockResolvedValueOnce(response);
  }
  vi.stubGlobal("fetch", fetchMock);
  return fetchMock;
}

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });

const tokens = { getToken: vi.fn<() => Promise<string | null>>(), refreshToken: vi.fn<() => Promise<string | null>>() };
// Node's Request accepts absolute URLs only.
const options = { baseUrl: "http://shop.test" };

describe("the API client", () => {
  beforeEach(() => {
    tokens.getToken.mockReset().mockResolvedValue("old");
    tokens.refreshToken.mockReset().mockResolvedValue("new");
    setTokenSource(tokens);
  });

  it("sends the shopper's token", async () => {
    const fetchMock = mockFetch(json(200, cart));
    await unwrap(authenticatedApi.GET("/api/cart", options));
    expect(fetchMock.mock.calls[0]?.[0].headers.get("Authorization")).toBe("Bearer old");
  });

  it("renews a refused token once and repeats the request with its body", async () => {
    const fetchMock = mockFetch(json(401, {}), json(200, cart));
    await unwrap(authenticatedApi.POST("/api/cart", { ...options, body: { productId: "mug", quantity: 2 } }));
    const retry = fetchMock.mock.calls[1]?.[0];
    expect(retry?.headers.get("Authorization")).toBe("Bearer new");
    expect(await retry?.json()).toEqual({ productId: "mug", quantity: 2 });
  });

  it("throws UNAUTHORIZED once the session has ended", async () => {
    tokens.refreshToken.mockResolvedValue(null);
    mockFetch(json(401, { message: "Unauthorized" }));
    await expect(unwrap(authenticatedApi.GET("/api/cart", options))).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });

  it("needs no token for public routes", async () => {
    mockFetch(json(200, { items: [] }));
    await unwrap(publicApi.GET("/api/categories", options));
    expect(tokens.getToken).not.toHaveBeenCalled();
  });

  it("throws problem details with their extension members", async () => {
    mockFetch(json(409, problem));
    const failure = unwrap(authenticatedApi.POST("/api/cart", { ...options, body: { productId: "mug", quantity: 2 } }));
    await expect(failure).rejects.toSatisfy((error) => error instanceof Problem && error.details.available === 0);
  });

  it("turns a proxy's response into a problem", async () => {
    mockFetch(new Response("<html>Bad gateway</html>", { status: 502 }));
    await expect(unwrap(publicApi.GET("/api/categories", options))).rejects.toMatchObject({ code: "UNEXPECTED", status: 502 });
  });

  it("throws Unreachable if the connection fails", async () => {
    mockFetch(new TypeError("Failed to fetch"));
    await expect(unwrap(publicApi.GET("/api/categories", options))).rejects.toBeInstanceOf(Unreachable);
  });
});

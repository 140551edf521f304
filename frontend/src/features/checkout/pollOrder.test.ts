import { describe, expect, it } from "vitest";

import { Problem, Unreachable } from "@/api/problem";
import type { PlacedOrder } from "@/api/types";
import { makeCart, makeLine, orderRequest } from "@/features/checkout/fixtures";
import { type OrderProgress, type PollOptions, pollOrder, type PollResult } from "@/features/checkout/pollOrder";

const attempt = { key: "k", userId: "ada", begunAt: 0, order: orderRequest, seen: makeCart([makeLine("mug", 1800)]) };
const confirmed: PlacedOrder = { orderId: "o1", orderNumber: "7K2QX9MTRA", status: "CONFIRMED" };
const requiresAction: PlacedOrder = { orderId: "o1", orderNumber: "7K2QX9MTRA", status: "REQUIRES_ACTION", clientSecret: "pi_1_secret_x" };

function problem(status: number, code: string): Problem {
  return new Problem({ type: "about:blank", title: code, status, code, detail: `${code}.` });
}

/** Polls an attempt that gets these responses, in this order. */
async function poll(responses: (PlacedOrder | Error)[], more: Partial<PollOptions> = {}) {
  const calls: string[] = [];
  const progress: OrderProgress[] = [];
  const waits: number[] = [];
  const next = (call: string) => {
    calls.push(call);
    const response = responses.shift();
    if (response === undefined) throw new Error("unexpected request");
    return response instanceof Error ? Promise.reject(response) : Promise.resolve(response);
  };
  const result: PollResult = await pollOrder(attempt, {
    place: ({ key }) => next(`place ${key}`),
    confirm: (orderId) => next(`confirm ${orderId}`),
    authenticate: (secret) => {
      calls.push(`authenticate ${secret}`);
      return Promise.resolve();
    },
    confirmBankRetry: () => Promise.resolve(true),
    onProgress: (step) => progress.push(step),
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...more,
  });
  return { result, calls, progress, waits };
}

describe("pollOrder", () => {
  it("returns the placed order", async () => {
    const { result, calls } = await poll([confirmed]);
    expect(result).toEqual({ kind: "placed", order: confirmed });
    expect(calls).toEqual(["place k"]);
  });

  it.each([
    [402, "PAYMENT_DECLINED"],
    [409, "OUT_OF_STOCK"],
    [409, "PRICE_CHANGED"],
    [409, "UNAVAILABLE"],
    [422, "EMPTY_CART"],
    [422, "IDEMPOTENCY_MISMATCH"],
    [503, "CHECKOUT_FAILED"],
  ])("returns the refusal %i %s", async (status, code) => {
    const refusal = problem(status, code);
    expect((await poll([refusal])).result).toEqual({ kind: "refused", problem: refusal });
  });

  it.each([
    ["a lost response", new Unreachable()],
    ["503 CHECKOUT_UNRESOLVED", problem(503, "CHECKOUT_UNRESOLVED")],
    ["a gateway's 504", problem(504, "UNEXPECTED")],
    ["429", problem(429, "TOO_MANY_REQUESTS")],
    ["a failed token refresh", new TypeError("network")],
  ])("repeats the request with the same key after %s", async (_, failure) => {
    const { result, calls, progress } = await poll([failure, failure, confirmed]);
    expect(result.kind).toBe("placed");
    expect(calls).toEqual(["place k", "place k", "place k"]);
    expect(progress).toContain("delayed");
  });

  it("waits longer after each lost response", async () => {
    const { waits } = await poll([...Array.from({ length: 7 }, () => new Unreachable()), confirmed]);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it("waits for an earlier request without reporting a delay", async () => {
    const { result, progress } = await poll([problem(409, "IN_PROGRESS"), problem(409, "IN_PROGRESS"), confirmed]);
    expect(result.kind).toBe("placed");
    expect(progress).toEqual(["placing"]);
  });

  it("reports a delay after several IN_PROGRESS responses", async () => {
    const { progress } = await poll([...Array.from({ length: 6 }, () => problem(409, "IN_PROGRESS")), confirmed]);
    expect(progress).toEqual(["placing", "delayed"]);
  });

  it("authenticates and then confirms, also after a lost response", async () => {
    const { result, calls } = await poll([requiresAction, new Unreachable(), confirmed]);
    expect(result.kind).toBe("placed");
    expect(calls).toEqual(["place k", "authenticate pi_1_secret_x", "confirm o1", "confirm o1"]);
  });

  it("asks the server for the result of the authentication, even if the bank's window did not open", async () => {
    const declined = problem(402, "PAYMENT_DECLINED");
    const { result } = await poll([requiresAction, declined], { authenticate: () => Promise.reject(new Error("blocked")) });
    expect(result).toEqual({ kind: "refused", problem: declined });
  });

  it("asks the shopper before it authenticates again", async () => {
    expect((await poll([requiresAction, requiresAction, confirmed])).result.kind).toBe("placed");
    const { result, progress } = await poll([requiresAction, requiresAction], { confirmBankRetry: () => Promise.resolve(false) });
    expect(result).toEqual({ kind: "abandoned" });
    expect(progress).toContain("bankRetry");
  });

  it("returns signedOut if the session has ended", async () => {
    expect((await poll([problem(401, "UNAUTHORIZED")])).result).toEqual({ kind: "signedOut" });
  });
});

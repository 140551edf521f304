import { describe, expect, it } from "vitest";

import { Problem, Unreachable } from "@/api/problem";
import type { PlacedOrder } from "@/api/types";
import { type End, type Means, type Progress, pursued } from "@/features/checkout/pursuit";
import { cartOf, line, order } from "@/features/checkout/testing";

const attempt = { key: "k", userId: "ada", begunAt: 0, order, seen: cartOf([line("mug", 1800)]) };
const confirmed: PlacedOrder = { orderId: "o1", status: "CONFIRMED" };
const atTheBank: PlacedOrder = { orderId: "o1", status: "REQUIRES_ACTION", clientSecret: "pi_1_secret_x" };

function problem(status: number, code: string): Problem {
  return new Problem({ type: "about:blank", title: code, status, code, detail: `${code}.` });
}

/** Pursue an attempt that gets these answers, in this order. */
async function pursue(answers: (PlacedOrder | Error)[], more: Partial<Means> = {}) {
  const calls: string[] = [];
  const told: Progress[] = [];
  const waits: number[] = [];
  const next = (call: string) => {
    calls.push(call);
    const answer = answers.shift();
    if (answer === undefined) throw new Error("asked once too often");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const end: End = await pursued(attempt, {
    place: ({ key }) => next(`place ${key}`),
    confirm: (orderId) => next(`confirm ${orderId}`),
    authenticate: (secret) => {
      calls.push(`authenticate ${secret}`);
      return Promise.resolve();
    },
    askBankAgain: () => Promise.resolve(true),
    tell: (progress) => told.push(progress),
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...more,
  });
  return { end, calls, told, waits };
}

describe("pursuing an attempt", () => {
  it("ends with the order", async () => {
    const { end, calls } = await pursue([confirmed]);
    expect(end).toEqual({ kind: "placed", orderId: "o1" });
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
  ])("ends with the refusal %i %s", async (status, code) => {
    const refusal = problem(status, code);
    expect((await pursue([refusal])).end).toEqual({ kind: "refused", problem: refusal });
  });

  it.each([
    ["no answer", new Unreachable()],
    ["503 CHECKOUT_UNRESOLVED", problem(503, "CHECKOUT_UNRESOLVED")],
    ["a gateway's 504", problem(504, "UNEXPECTED")],
    ["429", problem(429, "TOO_MANY_REQUESTS")],
    ["a token that cannot be renewed now", new TypeError("network")],
  ])("asks again with the same key after %s", async (_, failure) => {
    const { end, calls, told } = await pursue([failure, failure, confirmed]);
    expect(end.kind).toBe("placed");
    expect(calls).toEqual(["place k", "place k", "place k"]);
    expect(told).toContain("patience");
  });

  it("asks less and less often while there is no answer", async () => {
    const { waits } = await pursue([...Array.from({ length: 7 }, () => new Unreachable()), confirmed]);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it("waits calmly while the order is being placed by a request before", async () => {
    const { end, told } = await pursue([problem(409, "IN_PROGRESS"), problem(409, "IN_PROGRESS"), confirmed]);
    expect(end.kind).toBe("placed");
    expect(told).toEqual(["placing"]);
  });

  it("says that it takes longer once it does", async () => {
    const { told } = await pursue([...Array.from({ length: 6 }, () => problem(409, "IN_PROGRESS")), confirmed]);
    expect(told).toEqual(["placing", "patience"]);
  });

  it("goes to the bank, and then confirms, also after a lost answer", async () => {
    const { end, calls } = await pursue([atTheBank, new Unreachable(), confirmed]);
    expect(end.kind).toBe("placed");
    expect(calls).toEqual(["place k", "authenticate pi_1_secret_x", "confirm o1", "confirm o1"]);
  });

  it("leaves to the server how it ended at the bank, even where its window did not open", async () => {
    const declined = problem(402, "PAYMENT_DECLINED");
    const { end } = await pursue([atTheBank, declined], { authenticate: () => Promise.reject(new Error("blocked")) });
    expect(end).toEqual({ kind: "refused", problem: declined });
  });

  it("asks the shopper before it goes to the bank once more", async () => {
    expect((await pursue([atTheBank, atTheBank, confirmed])).end.kind).toBe("placed");
    const { end, told } = await pursue([atTheBank, atTheBank], { askBankAgain: () => Promise.resolve(false) });
    expect(end).toEqual({ kind: "givenUp" });
    expect(told).toContain("bankAgain");
  });

  it("keeps an attempt whose session has ended", async () => {
    expect((await pursue([problem(401, "UNAUTHORIZED")])).end).toEqual({ kind: "signedOut" });
  });
});

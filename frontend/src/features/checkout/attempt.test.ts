import { beforeEach, describe, expect, it, vi } from "vitest";

import { clearAttempts, endAttempt, getAttempt, isStale, STALE_AFTER_MS, startAttempt } from "@/features/checkout/attempt";
import { makeCart, makeLine, orderRequest } from "@/features/checkout/fixtures";

const seen = makeCart([makeLine("mug", 1800)]);

beforeEach(() => {
  // jsdom has no locks: run the callbacks one after the other.
  let last: Promise<unknown> = Promise.resolve();
  vi.stubGlobal("navigator", {
    locks: {
      request: <T>(_: string, run: () => T) => {
        const next = last.then(run);
        last = next;
        return next;
      },
    },
  });
  clearAttempts();
});

describe("a payment attempt", () => {
  it("keeps its key across a reload", async () => {
    const { key } = await startAttempt("ada", orderRequest, seen);
    vi.resetModules();
    const reloaded = await import("@/features/checkout/attempt");
    expect(reloaded.getAttempt("ada")).toMatchObject({ key, order: orderRequest, seen });
  });

  it("is shared by a second click and a second tab, whatever they order", async () => {
    const [first, second] = await Promise.all([
      startAttempt("ada", orderRequest, seen),
      startAttempt("ada", { ...orderRequest, paymentMethodId: "pm_other" }, seen),
    ]);
    expect(second).toEqual(first);
  });

  it("gets a new key only after the previous attempt has ended", async () => {
    const first = await startAttempt("ada", orderRequest, seen);
    endAttempt(first.key);
    expect(getAttempt("ada")).toBeNull();
    const second = await startAttempt("ada", orderRequest, seen);
    expect(second.key).not.toBe(first.key);

    endAttempt(first.key);
    expect(getAttempt("ada")).toEqual(second);
  });

  it("belongs to one user", async () => {
    await startAttempt("ada", orderRequest, seen);
    expect(getAttempt("eve")).toBeNull();
  });

  it("is stale after 15 minutes", async () => {
    const attempt = await startAttempt("ada", orderRequest, seen);
    expect(isStale(attempt, attempt.begunAt + STALE_AFTER_MS)).toBe(false);
    expect(isStale(attempt, attempt.begunAt + STALE_AFTER_MS + 1)).toBe(true);
  });

  it.each(["{", "null", "[]", '{"key":"k"}', '{"key":"k","userId":"ada","begunAt":1,"order":{},"seen":{}}'])(
    "is null if %s is stored",
    (text) => {
      localStorage.setItem("ecom67.attempt", text);
      expect(getAttempt("ada")).toBeNull();
    },
  );
});

import { beforeEach, describe, expect, it, vi } from "vitest";

import { attemptOf, begin, end, FORGOTTEN_MS, forgetAttempts, isForgotten } from "@/features/checkout/attempt";
import { cartOf, line, order } from "@/features/checkout/testing";

const seen = cartOf([line("mug", 1800)]);

beforeEach(() => {
  // jsdom has no locks; one after the other is what they give.
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
  forgetAttempts();
});

describe("an attempt to buy", () => {
  it("keeps its key over a reload", async () => {
    const { key } = await begin("ada", order, seen);
    vi.resetModules();
    const reloaded = await import("@/features/checkout/attempt");
    expect(reloaded.attemptOf("ada")).toMatchObject({ key, order, seen });
  });

  it("is the same for a second click and a second tab, whatever these ask for", async () => {
    const [first, second] = await Promise.all([
      begin("ada", order, seen),
      begin("ada", { ...order, paymentMethodId: "pm_other" }, seen),
    ]);
    expect(second).toEqual(first);
  });

  it("gets another key only after the one before has ended", async () => {
    const first = await begin("ada", order, seen);
    end(first.key);
    expect(attemptOf("ada")).toBeNull();
    const second = await begin("ada", order, seen);
    expect(second.key).not.toBe(first.key);

    end(first.key);
    expect(attemptOf("ada")).toEqual(second);
  });

  it("is nobody else's", async () => {
    await begin("ada", order, seen);
    expect(attemptOf("eve")).toBeNull();
  });

  it("is not pursued by itself once it is long ago", async () => {
    const attempt = await begin("ada", order, seen);
    expect(isForgotten(attempt, attempt.begunAt + FORGOTTEN_MS)).toBe(false);
    expect(isForgotten(attempt, attempt.begunAt + FORGOTTEN_MS + 1)).toBe(true);
  });

  it.each(["{", "null", "[]", '{"key":"k"}', '{"key":"k","userId":"ada","begunAt":1,"order":{},"seen":{}}'])(
    "is none where %s is stored",
    (text) => {
      localStorage.setItem("ecom67.attempt", text);
      expect(attemptOf("ada")).toBeNull();
    },
  );
});

import { describe, expect, it } from "vitest";

import type { CartNotice } from "@/api/types";
import { getNoticeMessage, isBlocking } from "@/features/cart/notices";

describe("a cart notice", () => {
  it.each<[CartNotice, string, boolean]>([
    [{ code: "LOW_STOCK", available: 2 }, "Only 2 left.", false],
    [{ code: "OUT_OF_STOCK", available: 2 }, "Only 2 left.", true],
    [{ code: "OUT_OF_STOCK", available: 0 }, "Sold out.", true],
    [{ code: "UNAVAILABLE" }, "No longer sold. It does not count in the total.", true],
    [{ code: "PRICE_CHANGED", previousPrice: { amount: 1800, currency: "USD" } }, "The price has changed. It was $18.00.", false],
  ])("has message and effect for %o", (notice, message, blocking) => {
    expect(getNoticeMessage(notice)).toBe(message);
    expect(isBlocking(notice)).toBe(blocking);
  });
});

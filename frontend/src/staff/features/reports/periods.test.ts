import { describe, expect, it } from "vitest";

import type { SalesOfDay } from "@/api/types";

import { formatDay, getBars, getFirstDay } from "./periods";

const NOTHING = { units: 0, goods: 0, shipping: 0, tax: 0, cancelledOrders: 0, cancelledUnits: 0, cancelledTotal: 0, refunds: 0, refundedTax: 0 };

function days(count: number, first = "2026-01-01"): SalesOfDay[] {
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.parse(`${first}T00:00:00Z`) + index * 86_400_000).toISOString().slice(0, 10);
    return { ...NOTHING, day, orders: 1, total: 100, refunded: 30, net: 70 };
  });
}

describe("the periods of the reports", () => {
  it.each([
    ["2026-11-24T04:59:00Z", 1, "2026-11-23"],
    ["2026-11-24T05:00:00Z", 1, "2026-11-24"],
    ["2026-11-24T12:00:00Z", 30, "2026-10-26"],
    ["2026-03-09T03:30:00Z", 2, "2026-03-07"],
  ])("at %s begin, with %i days, on %s where the shop is", (now, count, first) => {
    expect(getFirstDay(count, new Date(now))).toBe(first);
  });

  it("have a bar a day up to a month", () => {
    const bars = getBars(days(30));

    expect(bars).toHaveLength(30);
    expect(bars[0]).toEqual({ label: "Jan 1", title: "Thu, Jan 1, 2026", total: 100, refunded: 30, net: 70, orders: 1 });
  });

  it("have a bar a week up to a quarter, of which the first may be shorter", () => {
    const bars = getBars(days(90));

    expect(bars).toHaveLength(13);
    expect(bars.map(({ orders }) => orders)).toEqual([6, ...Array.from({ length: 12 }, () => 7)]);
    expect(bars[0]?.title).toBe("Jan 1 to Jan 6");
  });

  it("have a bar a month above, whose sum is that of the days", () => {
    const bars = getBars(days(365, "2025-12-02"));

    expect(bars.map(({ label }) => label)).toEqual([
      ...["Dec 2025", "Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026", "Jun 2026", "Jul 2026"],
      ...["Aug 2026", "Sep 2026", "Oct 2026", "Nov 2026", "Dec 2026"],
    ]);
    expect(bars.reduce((sum, { net }) => sum + net, 0)).toBe(365 * 70);
  });

  it("name a day whatever the zone of the reader", () => {
    expect(formatDay("2026-11-23")).toBe("Mon, Nov 23, 2026");
  });
});

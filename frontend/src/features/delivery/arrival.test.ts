import { expect, it } from "vitest";

import { formatArrival } from "@/features/delivery/arrival";

it.each([
  ["2026-12-03", "2026-12-05", "December 3–5"],
  ["2026-11-30", "2026-12-02", "November 30–December 2"],
  ["2026-12-31", "2027-01-04", "December 31, 2026–January 4, 2027"],
  ["2026-12-03", "2026-12-03", "December 3"],
])("says between which days a parcel arrives (%s to %s)", (earliest, latest, text) => {
  expect(formatArrival({ earliest, latest })).toBe(text);
});

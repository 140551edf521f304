import { expect, it } from "vitest";

import { parseDollars, toDollars } from "@/staff/features/products/amounts";

it.each([
  ["24.50", 2450],
  ["24.5", 2450],
  ["24", 2400],
  ["$0.09", 9],
  ["19,99", 1999],
  [" 8.1 ", 810],
])("reads %s", (typed, amount) => expect(parseDollars(typed)?.amount).toBe(amount));

it.each(["", "24.505", "-3", "1,234.50", "abc", "1e3"])("takes %s for no amount", (typed) => expect(parseDollars(typed)).toBeUndefined());

it.each([9, 99, 2450, 100])("shows %i cents so that they are read again", (amount) =>
  expect(parseDollars(toDollars({ amount, currency: "USD" }))?.amount).toBe(amount),
);

import { expect, it } from "vitest";

import { toInternationalPhone } from "@/features/addresses/phone";

it.each([
  ["(503) 555-0100", "US", "+15035550100"],
  ["1 503 555 0100", "US", "+15035550100"],
  ["+49 30 1234567", "US", "+49301234567"],
  ["030 1234567", "DE", "0301234567"],
  [" ", "US", null],
])("reads %s of %s", (text, country, expected) => {
  expect(toInternationalPhone(text, country)).toBe(expected);
});

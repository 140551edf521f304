import { expect, it } from "vitest";

import { titleOf } from "@/features/catalog/Attributes";

it.each([
  ["colour", "Colour"],
  ["dimensions.width", "Dimensions width"],
  ["externalId", "External id"],
  ["return-policy", "Return policy"],
])("the attribute %s is called %s", (name, title) => {
  expect(titleOf(name)).toBe(title);
});

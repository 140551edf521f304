import { expect, it } from "vitest";

import { attributeLabel } from "@/features/catalog/Attributes";

it.each([
  ["colour", "Colour"],
  ["dimensions.width", "Dimensions width"],
  ["externalId", "External id"],
  ["return-policy", "Return policy"],
])("labels the attribute %s as %s", (name, label) => {
  expect(attributeLabel(name)).toBe(label);
});

import { expect, it } from "vitest";

import { DOCUMENTS } from "@/features/help/documents";

it("has every help document with its title once", () => {
  expect(DOCUMENTS.length).toBeGreaterThanOrEqual(12);
  for (const { title, text } of DOCUMENTS) {
    expect(title).not.toBe("");
    expect(text).toMatch(/^## /);
    expect(text).not.toContain(`# ${title}\n`);
  }
});

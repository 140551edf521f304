import { expect, it } from "vitest";

import { HELP_DOCUMENTS } from "@/features/help/documents";

it("loads every help document, with the title removed from the text", () => {
  expect(HELP_DOCUMENTS.length).toBeGreaterThanOrEqual(12);
  for (const { title, text } of HELP_DOCUMENTS) {
    expect(title).not.toBe("");
    expect(text).toMatch(/^## /);
    expect(text).not.toContain(`# ${title}\n`);
  }
});

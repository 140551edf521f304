import { expect, it } from "vitest";

import { path } from "@/components/path";
import { HELP_DOCUMENTS } from "@/features/help/documents";

it("leads nowhere that is not there", () => {
  const names = ["/withdraw", ...HELP_DOCUMENTS.map(({ name }) => path`/help/${name}`)];
  const links = HELP_DOCUMENTS.flatMap(({ text }) => [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, to = ""]) => to));
  expect(links.filter((to) => !names.includes(to))).toEqual([]);
});

it("loads every help document, with the title removed from the text", () => {
  expect(HELP_DOCUMENTS.length).toBeGreaterThanOrEqual(12);
  for (const { title, text } of HELP_DOCUMENTS) {
    expect(title).not.toBe("");
    expect(text).toMatch(/^## /);
    expect(text).not.toContain(`# ${title}\n`);
  }
});

import { expect, it } from "vitest";

import { LEGAL_LINKS } from "@/app/shell/Footer";
import { path } from "@/components/path";
import { HELP_DOCUMENTS } from "@/features/help/documents";

it("leads to what the law asks a shop to tell", () => {
  const titles = new Map(HELP_DOCUMENTS.map(({ name, title }) => [path`/help/${name}`, title]));
  expect(LEGAL_LINKS.map(({ to }) => titles.get(to))).toEqual([undefined, "Returning something", "Privacy and your data", "Terms", "Imprint"]);
});

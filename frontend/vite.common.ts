/** What the builds of the shop and of the staff's console share. */
import { fileURLToPath } from "node:url";

import preact from "@preact/preset-vite";
import tailwindcss from "@tailwindcss/vite";
import type { BuildEnvironmentOptions } from "vite";

export const plugins = [preact({ reactAliasesEnabled: false }), tailwindcss()];

export const resolve = { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } };

export const build = {
  target: "es2022",
  reportCompressedSize: false,
  assetsInlineLimit: 0,
  // Browsers without support load the same files a little later.
  modulePreload: { polyfill: false },
} satisfies BuildEnvironmentOptions;

type LogHandler = NonNullable<NonNullable<BuildEnvironmentOptions["rolldownOptions"]>["onLog"]>;

/** React Router reads `React.useOptimistic`, which Preact lacks, and works without it. */
export const onLog: LogHandler = (level, log, defaultHandler) => {
  if (log.code !== "IMPORT_IS_UNDEFINED" || !log.message.includes("useOptimistic")) defaultHandler(level, log);
};

import { fileURLToPath } from "node:url";

import preact from "@preact/preset-vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vitest/config";

// `ecom67 web dev` says where the running stage is.
const stage = process.env.ECOM67_SHOP_URL ?? "http://localhost:8067";

// What begins is small. What most pages use is one file: in twenty small ones it would be larger. Forms are not for who
// looks around.
const chunks = [
  { name: "begin", test: /src\/(begin|app\/pages)|preload-helper|\.html/, priority: 2 },
  { name: "shop", test: /src\/(app\/|components\/(?!form|FormFault|Panel|Totals|dates|Notice|QuantityStepper))/ },
];

export default defineConfig({
  plugins: [preact({ reactAliasesEnabled: false }), tailwindcss()],
  resolve: {
    alias: { "@": fileURLToPath(new URL("src", import.meta.url)) },
  },
  build: {
    manifest: true,
    target: "es2022",
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    // A browser that does not know it loads the same a little later.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // React Router reads `React.useOptimistic`, and does without where there is none.
      onLog: (level, log, tell) => {
        if (log.code !== "IMPORT_IS_UNDEFINED" || !log.message.includes("useOptimistic")) tell(level, log);
      },
      output: { codeSplitting: { groups: chunks } },
    },
  },
  server: {
    // The help documents are beside the shop, where the assistant's are published from.
    fs: { allow: [".", "../content/help"] },
    host: "127.0.0.1",
    proxy: {
      "/api": stage,
      "/images": stage,
      "/config.json": stage,
      "/_3ds": stage,
      "/docs/events": stage,
      "/ws": { target: stage, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    unstubGlobals: true,
    // They end what hangs, and judge no machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

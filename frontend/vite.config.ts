import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `ecom67 web dev` says where the running stage is.
const stage = process.env.ECOM67_SHOP_URL ?? "http://localhost:8067";

// What most pages use is one file: in twenty small ones it would be larger. Forms are not for who looks around.
const chunks = [
  { name: "shared", test: /src\/(api|components\/(?!form|FormFault|Panel|Totals|dates|Notice|QuantityStepper))|@tanstack/ },
];

// React Router's package leads everybody to its development build, with all its warnings, though it has another one.
const routers = new URL("node_modules/react-router/dist/production/", import.meta.url);
const routerInProduction = [
  { find: /^react-router$/, replacement: fileURLToPath(new URL("index.mjs", routers)) },
  { find: /^react-router\/dom$/, replacement: fileURLToPath(new URL("dom-export.mjs", routers)) },
];

export default defineConfig(({ command, mode }) => ({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: [
      { find: "@", replacement: fileURLToPath(new URL("src", import.meta.url)) },
      ...(command === "build" && mode === "production" ? routerInProduction : []),
    ],
  },
  build: {
    manifest: true,
    target: "es2022",
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    // A browser that does not know it loads the same a little later.
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  server: {
    // The help documents are beside the shop, where the assistant's are published from.
    fs: { allow: [".", "../infra/help"] },
    host: "127.0.0.1",
    proxy: {
      "/api": stage,
      "/images": stage,
      "/config.json": stage,
      "/_3ds": stage,
      "/ws": { target: stage, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    unstubGlobals: true,
  },
}));

import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { build, onLog, plugins, resolve } from "./vite.common";

// `ecom67 web dev` sets the URL of the running stage.
const stage = process.env.ECOM67_SHOP_URL ?? "http://localhost:8067";

// The entry is small. The code of most pages is one chunk, which compresses better than twenty small ones. Components of
// forms are left out: visitors who browse do not need them.
const chunks = [
  { name: "entry", test: /src\/(entry|app\/pages)|preload-helper|\.html/, priority: 2 },
  { name: "shop", test: /src\/(app\/|components\/(?!useForm|FormError|Panel|Totals|dates|Alert|QuantityStepper))/ },
];

/** In development, addresses of the console show its document, as the origin does. */
const consolePages: Plugin = {
  name: "console-pages",
  configureServer: ({ middlewares }) => {
    middlewares.use((request, _response, next) => {
      if (/^\/staff(?:\/|\?|$)/.test(request.url ?? "")) request.url = "/staff.html";
      next();
    });
  },
};

export default defineConfig({
  plugins: [...plugins, consolePages],
  resolve,
  build: { ...build, manifest: true, rolldownOptions: { onLog, output: { codeSplitting: { groups: chunks } } } },
  server: {
    // The help documents are outside of this folder: the assistant uses them as well.
    fs: { allow: [".", "../content/help", "../content/legal"] },
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
    // A browser's globals for each file would take most of the time; the setup file cleans up after each test.
    isolate: false,
    // They only end tests that hang: a slow machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

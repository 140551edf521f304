import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// `ecom67 web dev` says where the running stage is.
const stage = process.env.ECOM67_SHOP_URL ?? "http://localhost:8067";

// What begins is small. What most pages use is one file: in twenty small ones it would be larger. Forms are not for who
// looks around.
const chunks = [
  { name: "begin", test: /src\/(begin|app\/pages)|preload-helper|\.html/, priority: 2 },
  { name: "shop", test: /src\/(app\/|components\/(?!form|FormFault|Panel|Totals|dates|Notice|QuantityStepper))/ },
];

// React Router's package leads everybody to its development build, with all its warnings, though it has another one.
const routers = new URL("node_modules/react-router/dist/production/", import.meta.url);
const routerInProduction = [
  { find: /^react-router$/, replacement: fileURLToPath(new URL("index.mjs", routers)) },
  { find: /^react-router\/dom$/, replacement: fileURLToPath(new URL("dom-export.mjs", routers)) },
];

// Names for development tools keep components in the build that nobody uses, such as its forms.
const routerWithoutNames: Plugin = {
  name: "router-without-names",
  transform: {
    filter: { id: /react-router\/dist\/production\// },
    handler: (code) =>
      code.replace(/^\w+\.displayName = .*$/gm, "").replace(/^var \w+ = (?=\w+\.forwardRef\()/gm, "$&/* @__PURE__ */ "),
  },
};

// `begin.ts` starts the shop late, so that the page would say late that it wants it.
const shopWithThePage: Plugin = {
  name: "shop-with-the-page",
  transformIndexHtml: {
    order: "post",
    handler(_, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
      const shop = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith("/src/main.tsx"));
      const files = shop ? [shop.fileName, ...shop.imports] : [];
      return files.map((file) => ({
        tag: "link",
        attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` },
        injectTo: "head",
      }));
    },
  },
};

export default defineConfig(({ command, mode }) => ({
  plugins: [react(), tailwindcss(), routerWithoutNames, shopWithThePage],
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

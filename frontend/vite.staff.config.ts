import { defineConfig } from "vite";

import { build, onLog, plugins, resolve } from "./vite.common";

// A build of its own, into the same folder: no file of the shop depends on what the console uses.
export default defineConfig({
  plugins,
  resolve,
  publicDir: false,
  build: {
    ...build,
    manifest: ".vite/staff.json",
    assetsDir: "assets/staff",
    emptyOutDir: false,
    rolldownOptions: { input: "staff.html", onLog },
  },
});

// Prints the initial JavaScript of each page that visitors see; fails above the budget, or if the shop has code of the console.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 80;
const PAGES = ["Home", "Listing", "Product", "Search", "Cart", "SignIn", "SignUp", "ForgottenPassword"];
const CONSOLE = "src/staff/";

const shop = readManifest("manifest.json");
const consoleFiles = readManifest("staff.json");

function readManifest(name) {
  return JSON.parse(readFileSync(`dist/.vite/${name}`, "utf8"));
}

function filesOf(manifest, key, found = new Set()) {
  const { file, imports = [] } = manifest[key];
  if (!found.has(file)) {
    found.add(file);
    imports.forEach((imported) => filesOf(manifest, imported, found));
  }
  return found;
}

function kilobytes(files) {
  const bytes = [...files].map((file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length);
  return bytes.reduce((sum, size) => sum + size, 0) / 1000;
}

let isExceeded = false;
for (const page of PAGES) {
  const key = `src/pages/${page}.tsx`;
  if (!(key in shop)) throw new Error(`the build has no page ${page}`);
  const size = kilobytes(new Set([...filesOf(shop, "index.html"), ...filesOf(shop, "src/main.tsx"), ...filesOf(shop, key)]));
  isExceeded ||= size > BUDGET_KB;
  console.log(`initial JavaScript, ${page}: ${size.toFixed(1)} kB gzip (budget ${BUDGET_KB} kB)`);
}
console.log(`initial JavaScript, the console: ${kilobytes(filesOf(consoleFiles, "staff.html")).toFixed(1)} kB gzip, in files of its own`);
if (isExceeded) {
  console.error("The budget of the initial JavaScript is exceeded.");
  process.exit(1);
}

const shared = Object.values(consoleFiles).map(({ file }) => file).filter((file) => !file.startsWith("assets/staff/") && file !== "staff.html");
const leaked = Object.keys(shop).filter((key) => key.startsWith(CONSOLE));
const named = readdirSync("dist/assets").filter((file) => file.endsWith(".js") && readFileSync(`dist/assets/${file}`, "utf8").includes("/api/staff/"));
if (shared.length + leaked.length + named.length > 0) {
  console.error(`Files of the shop have code of the console: ${[...shared, ...leaked, ...named].join(", ")}`);
  process.exit(1);
}

// Prints the initial JavaScript of each page that visitors see; fails above the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 80;
const PAGES = ["Home", "Listing", "Product", "Search", "Cart", "SignIn", "SignUp", "ForgottenPassword"];

const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"));

function filesOf(key, found = new Set()) {
  const { file, imports = [] } = manifest[key];
  if (!found.has(file)) {
    found.add(file);
    imports.forEach((imported) => filesOf(imported, found));
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
  if (!(key in manifest)) throw new Error(`the build has no page ${page}`);
  const size = kilobytes(new Set([...filesOf("index.html"), ...filesOf("src/main.tsx"), ...filesOf(key)]));
  isExceeded ||= size > BUDGET_KB;
  console.log(`initial JavaScript, ${page}: ${size.toFixed(1)} kB gzip (budget ${BUDGET_KB} kB)`);
}
if (isExceeded) {
  console.error("The budget of the initial JavaScript is exceeded.");
  process.exit(1);
}

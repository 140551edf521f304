// Fails if modules in `src` import each other in a cycle. Lazy and type-only imports count as well.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";

import ts from "typescript";

const modules = new Map(
  readdirSync("src", { recursive: true })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
    .map((path) => [`@/${path.replaceAll("\\", "/").replace(/\.tsx?$/, "")}`, `src/${path}`]),
);

function importsOf(module) {
  const { importedFiles } = ts.preProcessFile(readFileSync(modules.get(module), "utf8"));
  return importedFiles
    .map(({ fileName }) => (fileName.startsWith(".") ? posix.join(posix.dirname(module), fileName) : fileName))
    .filter((imported) => modules.has(imported));
}

const checked = new Set();

/** Follows the imports of the last module of a path; returns the first cycle. */
function findCycle(path) {
  const module = path.at(-1);
  const start = path.indexOf(module);
  if (start < path.length - 1) return path.slice(start);
  if (checked.has(module)) return undefined;
  for (const imported of importsOf(module)) {
    const cycle = findCycle([...path, imported]);
    if (cycle) return cycle;
  }
  checked.add(module);
  return undefined;
}

for (const module of modules.keys()) {
  const cycle = findCycle([module]);
  if (cycle) {
    console.error(`import cycle: ${cycle.join(" → ")}`);
    process.exit(1);
  }
}

// Reads an array of Graphviz sources from standard input and writes an array of SVG documents.
import { readFileSync } from "node:fs";
import { instance } from "@viz-js/viz";

const viz = await instance();
const sources = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(sources.map((source) => viz.renderString(source, { format: "svg" }))));

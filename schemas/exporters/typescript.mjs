// Reads [{name, schema}, …] from standard input and writes the TypeScript of each, as a JSON array of texts.
import { readFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const OPTIONS = {
  additionalProperties: false,
  bannerComment: "",
  ignoreMinAndMaxItems: true,
  unreachableDefinitions: true,
  style: { printWidth: 120 },
};

const wanted = JSON.parse(readFileSync(0, "utf8"));
const texts = [];
for (const { name, schema } of wanted) texts.push(await compile(schema, name, OPTIONS));
process.stdout.write(JSON.stringify(texts));

// Evaluates expressions by JSONata's reference, the version that Step Functions names. Standard input: [{"expression",
// "variables", "states"}, …]; standard output: an array of {"value"}, {"undefined": true} or {"error"}.
import { readFileSync } from "node:fs";
import jsonata from "jsonata";

const { now, expressions } = JSON.parse(readFileSync(0, "utf8"));

async function evaluate({ expression, variables, states }) {
  try {
    const compiled = jsonata(expression);
    compiled.registerFunction("millis", () => now);
    const value = await compiled.evaluate(undefined, { ...variables, states });
    return value === undefined ? { undefined: true } : { value };
  } catch (error) {
    return { error: `${error.code}: ${error.message}` };
  }
}

process.stdout.write(JSON.stringify(await Promise.all(expressions.map(evaluate))));

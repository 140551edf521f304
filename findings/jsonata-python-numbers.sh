#!/usr/bin/env bash
# Expected: jsonata-python, an implementation of JSONata in pure Python with which local emulators of Step Functions evaluate
# expressions, gives what the reference gives, jsonata 2.0.6, the version that Step Functions names.
# Happens: three differences of numbers, without an error. The remainder by a whole number is whole: 7.5 % 2 is 1 instead of
# 1.5 (10 % 3.5 is right). Whole numbers from 10^15 on become text with an exponent: a time in microseconds behind "id-" is
# id-1.7645472e+15 instead of id-1764547200000000; the reference does so from 10^21 on. 1 and true, 0 and false are one
# value to `in` and $distinct, though not to `=`.
# Hurts: whoever tests a state machine locally: names and keys made of a number, checks of a remainder and lists of distinct
# answers come out otherwise in AWS, and green tests say nothing about it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "jsonata-python==0.7.1"
npm install --silent --no-audit --no-fund --prefix "$work" jsonata@2.0.6

cat > "$work/expressions.json" <<'JSON'
["7.5 % 2", "10 % 3.5", "'id-' & 1764547200000000", "$string(1e15)", "$string(999999999999999)",
 "$distinct([1, true, 0, false])", "1 in [true]", "1 = true"]
JSON
cat > "$work/reference.js" <<'JS'
const jsonata = require("jsonata");
(async () => {
  const answers = [];
  for (const text of require("./expressions.json")) answers.push(await jsonata(text).evaluate({}));
  console.log(JSON.stringify(answers));
})();
JS
(cd "$work" && node reference.js > reference.json)

cat > "$work/port.py" <<'PYTHON'
import json
import sys
from importlib.metadata import version
from pathlib import Path

from jsonata import Jsonata

work = Path(sys.argv[1])
expressions = json.loads((work / "expressions.json").read_text())
reference = json.loads((work / "reference.json").read_text())
port = [Jsonata(text).evaluate({}) for text in expressions]
print(f"jsonata-python {version('jsonata-python')} beside jsonata 2.0.6")
for text, here, there in zip(expressions, port, reference, strict=True):
    print(f"{text:32} {json.dumps(here):28} {json.dumps(there)}")
assert [json.dumps(value) for value in reference] == [
    "1.5", "3", '"id-1764547200000000"', '"1000000000000000"', '"999999999999999"', "[1, true, 0, false]", "false", "false",
], "the reference answers otherwise"
assert [json.dumps(value) for value in port] == [
    "1", "3", '"id-1.7645472e+15"', '"1e+15"', '"999999999999999"', "[1, 0]", "true", "false",
], "the port answers otherwise"
PYTHON
"$work/venv/bin/python" "$work/port.py" "$work"

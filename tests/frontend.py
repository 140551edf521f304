"""Lints and tests the shop in the browser, unless nothing that goes into it has changed since that last passed.

``python -m tests.frontend``, as a part of ``make check``.
"""

import subprocess
import sys

from ecom67.base.paths import ROOT
from ecom67.local.storefront import DOCUMENTS
from ecom67.local.synthesis import digest_of

INPUTS = (
    *("frontend/src", "frontend/bare", "frontend/public", "frontend/index.html", "frontend/staff.html"),
    *("frontend/package.json", "frontend/package-lock.json", "frontend/tsconfig.json"),
    *("frontend/vite.common.ts", "frontend/vite.config.ts", "frontend/vite.staff.config.ts"),
    *("frontend/eslint.config.js", "frontend/import-cycles.mjs"),
    *("openapi/openapi.json", "schemas/typescript", "schemas/chat"),
)
STEPS = ("lint:changed", "api:check", "test")
"""ESLint looks at changed files alone here; `make lint` and `make test` look at all."""
PASSED = ROOT / ".cache" / "frontend-passed"


def main() -> int:
    """Run the steps, and note that they passed; return the exit code of the first that fails."""
    # The digest leaves Markdown out, and the shop shows the help documents.
    documents = {file.name: file.read_text() for folder in DOCUMENTS for file in folder.glob("*.md")}
    digest = digest_of(ROOT, INPUTS, documents)
    if PASSED.exists() and PASSED.read_text() == digest:
        print("The frontend has not changed since it last passed.")
        return 0
    for step in STEPS:
        ran = subprocess.run(["npm", "run", "--prefix", "frontend", "--silent", step], cwd=ROOT, check=False)
        if ran.returncode:
            return ran.returncode
    PASSED.parent.mkdir(exist_ok=True)
    PASSED.write_text(digest)
    return 0


if __name__ == "__main__":
    sys.exit(main())

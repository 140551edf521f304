"""The templates of AWS are valid CloudFormation."""

import subprocess
import sys
from pathlib import Path

from infra.constructs.asset import ROOT
from tests.infra.synthesis import Shop


def test_cfn_lint_finds_nothing(deployed: Shop) -> None:
    files = sorted(str(template.path) for template in deployed.templates.values())

    run = subprocess.run(
        [Path(sys.executable).parent / "cfn-lint", *files], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout

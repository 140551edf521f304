"""The templates pass the linters: cfn-lint without a finding, cdk-nag with accepted findings only."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.constructs.paths import ROOT
from infra.nag_suppressions import SUPPRESSIONS, Suppression
from tests.infra.synthesis import Shop

Finding = tuple[str, str]


@pytest.fixture(scope="module")
def findings(shops: Mapping[str, Shop]) -> set[Finding]:
    """Return the findings of cdk-nag in the stage that retains data: rule and construct."""
    report = json.loads((shops["prod"].folder / "validation-report.json").read_text())
    (nag,) = (plugin for plugin in report["pluginReports"] if plugin["pluginName"] == "AwsSolutions")
    return {
        (violation["ruleName"], found["constructPath"].removeprefix("ecom67-prod-"))
        for violation in nag["violations"]
        for found in violation["violatingConstructs"]
    }


def test_cfn_lint_finds_nothing(deployed: Shop) -> None:
    files = [str(template.path) for template in deployed.templates.values()]

    run = subprocess.run(
        [str(Path(sys.executable).parent / "cfn-lint"), "--regions", "us-east-1", "--", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_cdk_nag_finds_only_what_is_suppressed(findings: set[Finding]) -> None:
    assert findings
    assert {finding for finding in findings if not any(entry.matches(*finding) for entry in SUPPRESSIONS)} == set()


@pytest.mark.parametrize("entry", SUPPRESSIONS, ids=lambda entry: entry.rule)
def test_a_suppression_has_a_finding_and_a_reason(findings: set[Finding], entry: Suppression) -> None:
    assert any(entry.matches(*finding) for finding in findings)
    assert len(entry.reason) > 30

"""The Makefile: nobody waits in front of a silent terminal while packages are installed."""

import subprocess

import pytest

from infra.constructs.paths import ROOT


@pytest.mark.parametrize("target", [".venv/.ready", "node_modules/.ready", "frontend/node_modules/.ready"])
def test_an_installation_says_what_it_installs(target: str) -> None:
    shown = subprocess.run(
        ["make", "--dry-run", "--always-make", "--no-print-directory", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    installs = [
        number for number, line in enumerate(shown) if "npm ci" in line or "pip sync" in line or "-r req" in line
    ]
    assert installs
    for number in installs:
        assert any("Installing" in line for line in shown[max(0, number - 3) : number])

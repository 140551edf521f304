"""A debugger at the operators' command line."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from infra.local.connection import STATE_VARIABLE, Connection
from infra.local.layout import ROOT


@pytest.fixture
def breakpoint_in(stage: Connection) -> Callable[..., str]:
    """Return what sets a breakpoint, replays an order in the process, and returns what pdb wrote."""

    def stop(file: str, line: str, order_id: str, module: str) -> str:
        number = next(n for n, text in enumerate((ROOT / file).read_text().splitlines(), start=1) if line in text)
        ran = subprocess.run(
            [
                *(sys.executable, "-m", "pdb", "-c", f"break {ROOT / file}:{number}", "-c", "continue"),
                *("-c", "p event.data.order_id", "-c", "continue", "-m", "infra.cli"),
                *("events", "replay", "--order", order_id, "--local", module),
            ],
            cwd=ROOT,
            env={**os.environ, STATE_VARIABLE: str(stage.layout.state), "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.stdout

    return stop

"""A debugger at the operators' command line."""

from collections.abc import Callable

import pytest

from ecom67.base.paths import ROOT
from ecom67.local.connection import Connection
from tests.e2e.events.operating import ecom67_alone


@pytest.fixture
def breakpoint_in(stage: Connection) -> Callable[..., str]:
    """Return what sets a breakpoint, replays an order in the process, and returns what pdb wrote."""

    def stop(file: str, line: str, order_id: str, module: str) -> str:
        number = next(n for n, text in enumerate((ROOT / file).read_text().splitlines(), start=1) if line in text)
        stops = [f"break {ROOT / file}:{number}", "continue", "p event.data.order_id", "continue"]
        pdb = ["-m", "pdb", *(argument for stop in stops for argument in ("-c", stop))]
        return ecom67_alone(stage, "events", "replay", "--order", order_id, "--local", module, debugger=pdb)

    return stop

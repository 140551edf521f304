"""A customer of 100,000 orders is erased and exported in the memory of one of 1,500: page by page, nothing adds up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.constructs.paths import ROOT
from tests.bench.conftest import Record
from tests.bench.report import Figure

MEASURE = Path(__file__).with_name("people_measure.py")
FEW, MANY = 1_500, 100_000
MEMORY = {"erase": 1.1, "export": 1.5}
"""An export has one part of the file in memory, some 6 MB, of which 1,500 orders are a sixth."""
TIME = 1.5


@pytest.mark.parametrize("what", ["erase", "export"])
def test_many_orders_take_the_memory_of_few_and_the_time_of_each_is_the_same(what: str, record: Record) -> None:
    few, many = measure(what, FEW), measure(what, MANY)

    each = {count: took["seconds"] / count * 1000 for count, took in ((FEW, few), (MANY, many))}
    record(
        Figure(f"memory: {what} of {MANY:,} orders", many["peak"], f"of {FEW:,}", few["peak"], "MiB", MEMORY[what]),
        Figure(f"time of an order: {what} of {MANY:,}", each[MANY], f"of {FEW:,}", each[FEW], "ms", TIME),
    )


def measure(what: str, orders: int) -> dict[str, float]:
    run = subprocess.run(
        [sys.executable, str(MEASURE), what, str(orders)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "POWERTOOLS_LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    took: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return took

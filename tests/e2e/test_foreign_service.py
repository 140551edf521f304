"""A service of another team subscribes with the published bindings and nothing else of the shop."""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecom67.contracts.bindings import Language, generate_bindings, write_bindings
from ecom67.contracts.registry import CheckoutRegistry, select_contracts
from ecom67.demo.show import a_purchase
from ecom67.local.connection import Connection
from infra.constructs.paths import ROOT
from tests.deadlines import DEADLINE_SECONDS

EXAMPLE = ROOT / "docs" / "examples" / "loyalty.py"
RULE = "loyalty-orders"


class Running:
    """A program whose lines can be waited for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._output = process.stdout
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def close(self) -> None:
        """Let go of a program that has ended."""
        self._reader.join()
        if self._output:
            self._output.close()

    def _read(self) -> None:
        for line in self._output or ():
            self._lines.put(line.strip())

    def await_line(self, word: str) -> str:
        """Return the next line with that word in it; fails at the deadline."""
        deadline, seen = time.monotonic() + DEADLINE_SECONDS, []
        while (left := deadline - time.monotonic()) > 0:
            try:
                seen.append(self._lines.get(timeout=left))
            except queue.Empty:
                break
            if word in seen[-1]:
                return seen[-1]
        pytest.fail(f"no line with {word!r} in {seen}")


@pytest.fixture
def loyalty(stage: Connection, tmp_path: Path) -> Iterator[Running]:
    write_bindings(
        generate_bindings(select_contracts(CheckoutRegistry(), ["OrderPlaced"]), Language.PYTHON),
        tmp_path / "ecom67_events",
    )
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLE)],
        env={**stage.environment, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = Running(process)
    try:
        yield running
    finally:
        process.terminate()
        process.wait(timeout=DEADLINE_SECONDS)
        running.close()
        events, bus = stage.client("events"), stage.published()["bus/name"]
        events.remove_targets(Rule=RULE, EventBusName=bus, Ids=["queue"])
        events.delete_rule(Name=RULE, EventBusName=bus)


def test_a_foreign_service_gets_the_orders(stage: Connection, loyalty: Running) -> None:
    loyalty.await_line("Waiting for orders")

    a_purchase(stage)

    assert "points for order" in loyalty.await_line("earns")


def test_the_example_is_short() -> None:
    code = [line for line in EXAMPLE.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]

    assert len(code) <= 30

"""The debugging guide works as it is written, command by command."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ecom67.base.paths import ROOT
from ecom67.demo.shopper import eventually
from ecom67.local.connection import STATE_VARIABLE, Connection
from tests.deadlines import DEADLINE_SECONDS
from tests.e2e.events.breaking import Template, broken_release, quick_retries
from tests.e2e.events.operating import bought, ecom67, products_of_our_own, signed_up

GUIDE = ROOT / "docs" / "debugging.md"
CHANGES = re.compile(r" (redrive|deploy) |--execute")


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield each command of the guide, and the lines that it is said to write."""
    for block in re.findall(r"```console\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL):
        for part in block.split("$ ")[1:]:
            command, *lines = part.splitlines()
            yield command, lines


def as_pattern(lines: list[str]) -> re.Pattern[str]:
    """Return what matches an output with these lines in this order, and others between; ``…`` is any text."""
    patterns = [".*".join(re.escape(" ".join(part.split())) for part in line.split("…")) for line in lines]
    return re.compile(r"[\s\S]*?".join(patterns))


def said_by(command: str, stage: Connection, order_id: str) -> tuple[str, int]:
    environment = {
        **os.environ,
        STATE_VARIABLE: str(stage.paths.state),
        "ORDER": order_id,
        "COLUMNS": "200",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    ran = subprocess.run(
        ["bash", "-c", f"{command} 2>&1"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    # Columns are as wide as their contents: what counts is what stands in them.
    return "\n".join(" ".join(line.split()) for line in ran.stdout.splitlines()), ran.returncode


def walked(command: str, lines: list[str], stage: Connection, order_id: str) -> int:
    """Run a command until it says what the guide has it say, once where it changes something; return its exit code."""
    pattern, said = as_pattern(lines), ("", 0)
    deadline = time.monotonic() + (0 if CHANGES.search(command) else DEADLINE_SECONDS)
    while True:
        said = said_by(command, stage, order_id)
        if pattern.search(said[0]):
            return said[1]
        if time.monotonic() > deadline:
            wanted = "\n".join(lines)
            raise AssertionError(f"$ {command}\n{said[0]}\n\nis not as written:\n{wanted}")
        time.sleep(0.5)


def test_the_guide_leads_from_a_stuck_order_to_the_cause_and_the_repair(stage: Connection) -> None:
    # Given a release of the function that places orders, with a wrong setting, and an order meanwhile
    def wrong_table(properties: Template) -> None:
        properties["Environment"]["Variables"]["ORDERS_TABLE"] = "ecom67-local-Oders"

    def stuck() -> bool | None:
        queues = ecom67(stage, "dlq", "list", "orders", "--json").json()
        return True if any(queue["messages"] for queue in queues) else None

    (product_id,) = products_of_our_own(stage, 1)
    shopper = signed_up(stage)
    for entry in ecom67(stage, "events", "quarantine", "list", "--json").json():
        ecom67(stage, "events", "quarantine", "discard", entry["quarantineId"], "--yes")
    with broken_release(stage, "orders", "place", wrong_table):
        with quick_retries(stage, "orders-order-queue"):
            order_id = bought(shopper, product_id).body["orderId"]
            eventually("the order is stuck", stuck)

        # Then each command says what the guide has it say, and the first, which finds something amiss, by its exit code
        codes = [walked(command, lines, stage, order_id) for command, lines in commands()]

    assert codes == [1, *[0] * (len(codes) - 1)]
    assert len(codes) >= 12

    # And the shopper has her order
    assert shopper.order(order_id)["status"] == "PROCESSING"

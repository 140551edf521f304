"""The debugging guide works as it is written, command by command."""

import difflib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecom67.base.paths import ROOT
from ecom67.demo.shopper import eventually
from ecom67.local.connection import STATE_VARIABLE, Connection
from tests.deadlines import DEADLINE_SECONDS
from tests.e2e.events.breaking import Template, broken_release, quick_retries
from tests.e2e.events.operating import bought, ecom67, products_of_our_own, signed_up

GUIDE = ROOT / "docs" / "debugging.md"
DENIED, UNKNOWN = "AccessDeniedException", "ResourceNotFoundException"
"""What a function gets that names a table which is not its own: from AWS, and from an emulator that grants all."""
CHANGES = re.compile(r" (redrive|deploy) |--execute")


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield each command of the guide, and the lines that it is said to write."""
    for block in re.findall(r"```console\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL):
        for part in block.split("$ ")[1:]:
            command, *lines = part.splitlines()
            yield command, lines


def difference(wanted: list[str], said: str) -> str | None:
    """Return which line is not there, and the one most like it; None where all are, in their order.

    Each line is looked for after the one before, so that a text without it is read once. Other lines may be between,
    and ``…`` is any text of a line.
    """
    rest = said.splitlines()
    for line in wanted:
        if not line.strip("… "):
            continue
        pattern = re.compile(".*".join(re.escape(" ".join(part.split())) for part in line.split("…")))
        place = next((number for number, found in enumerate(rest) if pattern.search(found)), None)
        if place is None:
            nearest = difflib.get_close_matches(line, rest, n=1, cutoff=0)
            return f"not there: {line}\nmost like it: {nearest[0] if nearest else '(nothing follows)'}"
        rest = rest[place + 1 :]
    return None


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
    deadline = time.monotonic() + (0 if CHANGES.search(command) else DEADLINE_SECONDS)
    while True:
        said, code = said_by(command, stage, order_id)
        wanted = lines if DENIED in said else [line.replace(DENIED, UNKNOWN) for line in lines]
        differs = difference(wanted, said)
        if differs is None:
            return code
        if time.monotonic() > deadline:
            raise AssertionError(f"$ {command}\n{said}\n\nis not as written:\n{differs}")
        time.sleep(0.5)


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ("a 1\nother\nb", None),
        ("b\na 1", "not there: b\nmost like it: (nothing follows)"),
        ("a 1\n" + "c\n" * 50_000, "not there: b\nmost like it: c"),
        ("", "not there: a …\nmost like it: (nothing follows)"),
    ],
)
def test_what_differs_from_the_guide_is_named(said: str, differs: str | None) -> None:
    assert difference(["a …", "…", "b"], said) == differs


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

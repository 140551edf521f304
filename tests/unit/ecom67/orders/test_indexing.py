"""``ecom67 orders index``: from page to page, and how a run that was cut short goes on."""

import json
from io import BytesIO
from typing import Any

import pytest

from ecom67.base.errors import CliError
from ecom67.orders.indexing import OrderIndexing, Progress

PAGES = [
    ({}, {"outcome": "DONE", "seen": 2, "indexed": 2, "following": "PROCESSING:abc"}),
    ({"place": "PROCESSING:abc"}, {"outcome": "DONE", "seen": 1, "indexed": 0, "following": "REFUNDED"}),
    ({"place": "REFUNDED"}, {"outcome": "DONE", "seen": 3, "indexed": 1}),
    ({"place": "LOST"}, {"outcome": "NO_SUCH_PLACE", "seen": 0, "indexed": 0}),
]


class Functions:
    """AWS Lambda with the command of orders, which fails from some page on."""

    def __init__(self, fails_with: dict[str, str] | None = None, fails_at: int = len(PAGES)) -> None:
        self._fails_with, self._fails_at = fails_with, fails_at
        self.requested: list[dict[str, str]] = []

    def invoke(self, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - botocore's
        page = json.loads(Payload)["input"]
        self.requested.append(page)
        number, report = next((number, report) for number, (of, report) in enumerate(PAGES) if of == page)
        failed = {"FunctionError": "Unhandled"} if number >= self._fails_at else {}
        return {"Payload": BytesIO(json.dumps(self._fails_with if failed else report).encode()), **failed}


def test_all_pages_are_indexed_and_counted() -> None:
    shown: list[Progress] = []

    progress = OrderIndexing(Functions(), "arn").run(None, shown.append)

    assert (progress.seen, progress.indexed) == (6, 3)
    assert [each.following for each in shown] == ["PROCESSING:abc", "REFUNDED", None]


def test_a_run_that_failed_says_where_to_go_on() -> None:
    with pytest.raises(CliError, match=r"timed out.*--from PROCESSING:abc"):
        OrderIndexing(Functions({"errorMessage": "timed out"}, fails_at=1), "arn").run(None, lambda _: None)
    functions = Functions()

    assert OrderIndexing(functions, "arn").run("PROCESSING:abc", lambda _: None).seen == 4
    assert functions.requested[0] == {"place": "PROCESSING:abc"}


def test_a_place_that_is_none_is_said_to_be_none() -> None:
    with pytest.raises(CliError, match="no place 'LOST'"):
        OrderIndexing(Functions(), "arn").run("LOST", lambda _: None)

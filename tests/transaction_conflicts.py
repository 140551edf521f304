"""A plugin of pytest under which each transaction of DynamoDB is refused at its first attempt, as under a race.

DynamoDB cancels a transaction with ``TransactionConflict`` where another one has one of its items; moto and the
emulator, which do one thing after the other, never do. ``pytest -p tests.transaction_conflicts``; the places in the
code that met a conflict are written to the file that ``TRANSACTION_CONFLICTS`` names, one a line, such as
``services/orders/store.py:381``.
"""

import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from botocore.client import BaseClient

ROOT = Path(__file__).resolve().parents[1]
_met: set[str] = set()
_refused: set[str] = set()
"""Places whose next attempt is let through: the repetition of the refused one."""
_client: Any = BaseClient
_make_api_call = _client._make_api_call


def _refuse_first_attempt(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
    if operation == "TransactWriteItems" and (place := _place()):
        if place not in _refused:
            _refused.add(place)
            _met.add(place)
            reasons = [{"Code": "TransactionConflict", "Message": "Another transaction has the item."}]
            reasons += [{"Code": "None"}] * (len(parameters["TransactItems"]) - 1)
            error = {"Error": {"Code": "TransactionCanceledException", "Message": "Cancelled."}}
            raise client.exceptions.TransactionCanceledException({**error, "CancellationReasons": reasons}, operation)
        _refused.remove(place)
    return _make_api_call(client, operation, parameters)


def _place() -> str:
    """Return which line of the services writes; empty for a test's own write."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(ROOT / "services"):
            return f"{file.relative_to(ROOT).as_posix()}:{frame.f_lineno}"
        if file.is_relative_to(ROOT / "tests") and file != Path(__file__):
            return ""
        frame = frame.f_back
    return ""


_client._make_api_call = _refuse_first_attempt


@pytest.fixture(autouse=True)
def first_attempts() -> None:
    """Forget what was refused: each test's transactions are its own."""
    _refused.clear()


def pytest_sessionfinish() -> None:
    """Write the places that met a conflict."""
    if name := os.environ.get("TRANSACTION_CONFLICTS"):
        Path(name).write_text("\n".join(sorted(_met)))

"""The emulator delivers as many messages of a queue at once as the event source says."""

from collections.abc import Callable
from typing import Any

import pytest
from ministack.services import sqs

from ecom67.local import full_batches

Receive = Callable[[str, int], list[dict[str, Any]]]


@pytest.fixture
def receive(monkeypatch: pytest.MonkeyPatch) -> Receive:
    """What the emulator's event sources call, over a queue of 25 messages from which it takes ten at once."""
    waiting = [{"id": str(number)} for number in range(25)]

    def ten_at_most(_: str, wanted: int) -> list[dict[str, Any]]:
        taken = waiting[: min(wanted, full_batches.RECEIVED)]
        del waiting[: len(taken)]
        return taken

    monkeypatch.setattr(sqs, "_receive_messages_for_esm", ten_at_most)
    full_batches.allow()
    allowed: Receive = sqs._receive_messages_for_esm
    return allowed


def test_a_batch_is_filled(receive: Receive) -> None:
    assert [len(receive("queue", 15)), len(receive("queue", 100)), receive("queue", 100)] == [15, 10, []]


def test_a_batch_of_ten_stays_one(receive: Receive) -> None:
    assert len(receive("queue", 10)) == 10


def test_the_emulator_still_takes_ten_at_once() -> None:
    """Where a new version takes more, this repair is no longer needed."""
    assert hasattr(sqs, "_receive_messages_for_esm")

"""Functions that start together register their sessions with the emulator one by one."""

from collections.abc import ItemsView
from threading import Thread
from typing import Any

import pytest
from ministack.services import sts

from ecom67.local import policy_evaluation

LONG_ENOUGH = 0.3
"""Seconds in which another registration would be over, were it not made to wait."""


class Sessions(dict[str, Any]):
    """The emulator's sessions. Whoever reads them the first time meets another registration."""

    def __init__(self) -> None:
        super().__init__(first={})
        self.second: Thread | None = None

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override] # a view of the same things
        if self.second is None:
            self.second = Thread(target=sts.register_session, args=("second", {}))
            return Interrupted(self)
        return super().items()


class Interrupted(ItemsView[str, Any]):
    """The sessions, among which another one comes while they are read."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def __iter__(self) -> Any:
        for item in dict.items(self._sessions):
            yield item
            assert self._sessions.second
            self._sessions.second.start()
            self._sessions.second.join(LONG_ENOUGH)


def test_another_function_that_starts_meanwhile_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions()
    monkeypatch.setattr(sts, "_sessions", sessions)
    monkeypatch.setattr(sts, "register_session", sts.register_session)
    policy_evaluation._register_one_session_at_a_time()

    sts.register_session("third", {})

    assert sessions.second
    sessions.second.join()
    assert sessions.keys() == {"first", "second", "third"}

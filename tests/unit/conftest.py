"""What the unit tests share: routes that ask for erased users, without a table."""

import pytest

from bus import http


class NobodyErased:
    """Tombstones in memory; a test adds the ids of those who were erased."""

    def __init__(self) -> None:
        self.user_ids: set[str] = set()
        self.asked: list[str] = []

    def includes(self, user_id: str) -> bool:
        self.asked.append(user_id)
        return user_id in self.user_ids


@pytest.fixture(autouse=True)
def tombstones(monkeypatch: pytest.MonkeyPatch) -> NobodyErased:
    """The tombstones that routes ask for; empty, unless a test adds some."""
    tombstones = NobodyErased()
    monkeypatch.setattr(http, "erased_users", lambda: tombstones)
    return tombstones

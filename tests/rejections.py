"""A consumer's quarantine in memory."""

import pytest

from bus.consumer import Consumer


def record_rejections(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace the quarantine of a consumer; return the list to which it adds the reasons of what it stores."""
    reasons: list[str] = []

    class Reasons:
        def put(self, *, reason: str, **_: str) -> None:
            reasons.append(reason)

    monkeypatch.setattr(consumer, "_given_quarantine", Reasons())
    monkeypatch.delitem(vars(consumer), "_quarantine", raising=False)
    return reasons

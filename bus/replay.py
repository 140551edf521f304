"""Replays: how one is named, and what may happen outside of the shop while it runs.

EventBridge gives every event of a replay the replay's name, and nothing else can travel with an
archived event. So the name itself tells which effects outside are allowed:
``20300101T120000-3f2a.allow-email``. All others are held back.
"""

from collections.abc import Iterable
from enum import Enum

from bus.context import current

MEMBER = "replay-name"
"""Of an event as EventBridge delivers it; events that are not replayed lack it."""
_ALLOW = ".allow-"


class Replay(Enum):
    """Whether a handler may run for an event that is replayed."""

    SAFE = "safe"
    DENY = "deny"


def name_of(stamp: str, allowed: Iterable[str] = ()) -> str:
    """Return the name of a replay.

    Parameters:
        stamp: tells it from others; without dots.
        allowed: the effects outside that it may have, such as ``email``.
    """
    return stamp + "".join(f"{_ALLOW}{effect}" for effect in sorted(set(allowed)))


def allowed_by(name: str) -> set[str]:
    """Return the effects outside that the replay of that name may have."""
    return set(name.split(_ALLOW)[1:])


def held_back(effect: str) -> bool:
    """Say whether what runs now is part of a replay that may not have this effect outside.

    Raises LookupError where no context was entered.
    """
    name = current().replay_name
    return name is not None and effect not in allowed_by(name)

"""The replay guard: which side effects outside of the shop a replay may have.

EventBridge adds the name of the replay to every event of it, and nothing else can travel with an archived event. So
the name says which side effects are allowed: ``20300101T120000-3f2a.allow-email``. All others are suppressed.
"""

from collections.abc import Iterable
from enum import Enum

from bus.context import current

REPLAY_NAME_FIELD = "replay-name"
"""Field of a replayed event as EventBridge delivers it; other events lack it."""
_ALLOW = ".allow-"


class Replay(Enum):
    """Whether a handler may run for an event that is replayed."""

    SAFE = "safe"
    DENY = "deny"


def replay_name_of(stamp: str, allowed: Iterable[str] = ()) -> str:
    """Return the name of a replay.

    Parameters:
        stamp: makes the name unique; without dots.
        allowed: the side effects that it may have, such as ``email``.
    """
    return stamp + "".join(f"{_ALLOW}{effect}" for effect in sorted(set(allowed)))


def allowed_effects(name: str) -> set[str]:
    """Return the side effects that the replay of that name may have."""
    return set(name.split(_ALLOW)[1:])


def is_suppressed(effect: str) -> bool:
    """Return whether the current context is a replay that may not have this side effect.

    Parameters:
        effect: name of the side effect, such as ``email`` or ``refund``.

    Raises LookupError outside of any context.
    """
    name = current().replay_name
    return name is not None and effect not in allowed_effects(name)

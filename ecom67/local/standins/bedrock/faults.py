"""Magic words in a question that make the stand-in fail, so that one can see what the shopper sees then."""

import re
from enum import StrEnum


class Fault(StrEnum):
    """How it fails; the question has the word after ``demo:``."""

    THROTTLED = "throttled"  # it refuses: too many requests
    DOWN = "down"  # it has an internal fault before it says anything
    BROKEN = "broken"  # it reports a fault in the middle of the answer
    CUT = "cut"  # the connection ends in the middle of the answer
    SLOW = "slow"  # it waits before each piece


_MAGIC = re.compile(r"\bdemo:(\w+)")


def fault_in(question: str) -> Fault | None:
    """Return how a question wants the stand-in to fail."""
    found = _MAGIC.search(question)
    return Fault(found[1]) if found and found[1] in set(Fault) else None

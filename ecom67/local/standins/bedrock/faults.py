"""Fault injection: words in a question that make the stand-in fail, to show what the shopper sees then."""

import re
from enum import StrEnum


class InjectedFault(StrEnum):
    """A fault, requested by a question that contains ``demo:`` and its name."""

    THROTTLED = "throttled"  # too many requests
    DOWN = "down"  # an internal error before the answer
    BROKEN = "broken"  # an error in the middle of the answer
    CUT = "cut"  # the connection ends in the middle of the answer
    SLOW = "slow"  # a pause before each piece of the answer


_TRIGGER = re.compile(r"\bdemo:(\w+)")


def requested_fault(question: str) -> InjectedFault | None:
    """Return the fault that a question requests, if any."""
    match = _TRIGGER.search(question)
    return InjectedFault(match[1]) if match and match[1] in set(InjectedFault) else None

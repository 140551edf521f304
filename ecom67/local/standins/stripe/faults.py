"""Faults on demand: failures that a test orders in advance for the calls that it describes."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from ecom67.local.standins.stripe.answers import Answer, Json, error

ACTIONS = ("500", "429", "503", "drop_before", "drop_after", "slow")

OUTAGES: dict[str, Answer] = {
    "429": error(429, "invalid_request_error", "Too many requests reached the API.", code="rate_limit"),
    "500": error(500, "api_error", "An error inside the API, ordered by a test."),
    "503": error(503, "api_error", "The API is out of service, by order of a test."),
}


@dataclass(frozen=True)
class Match:
    """Which calls a fault is meant for; a condition that is None always holds.

    Parameters:
        path: a pattern found anywhere in the path.
        method: the HTTP method.
        metadata: pairs that the PaymentIntent of the call carries.
        body: a text found in the parameters, percent-encoding undone.
    """

    path: re.Pattern[str] | None = None
    method: str | None = None
    metadata: dict[str, str] | None = None
    body: str | None = None


@dataclass(frozen=True)
class Subject:
    """The facts of a call that a match looks at; the metadata are asked for only when needed."""

    method: str
    path: str
    body: str
    metadata: Callable[[], dict[str, str]]


@dataclass
class Fault:
    """One ordered fault: it strikes the next `remaining` matching calls; `ms` is the wait of `slow`."""

    id: int
    match: Match
    action: str
    remaining: int
    ms: int

    def report(self) -> Json:
        """Describe the fault as the control endpoint shows it."""
        match = {
            "path": self.match.path and self.match.path.pattern,
            "method": self.match.method,
            "paymentIntentMetadata": self.match.metadata,
            "body": self.match.body,
        }
        conditions = {name: value for name, value in match.items() if value is not None}
        return {
            "id": self.id,
            "match": conditions,
            "action": self.action,
            "remaining": self.remaining,
            "ms": self.ms,
        }


class Faults:
    """The faults in order of arrival; a restart forgets them."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)

    def order(self, match: Match, action: str, *, times: int, ms: int) -> Fault:
        """Add a fault for the next `times` matching calls."""
        fault = Fault(next(self._ids), match, action, times, ms)
        self._faults.append(fault)
        return fault

    def take(self, subject: Subject) -> Fault | None:
        """Use up one strike of the first fault that matches, or give None."""
        for fault in self._faults:
            if fault.remaining and _matches(fault.match, subject):
                fault.remaining -= 1
                return fault
        return None

    def report(self) -> list[Json]:
        """Describe all faults, used up ones included."""
        return [fault.report() for fault in self._faults]

    def clear(self) -> None:
        """Forget all faults."""
        self._faults.clear()


def _matches(match: Match, subject: Subject) -> bool:
    if match.path is not None and not match.path.search(subject.path):
        return False
    if match.method is not None and match.method != subject.method:
        return False
    if match.body is not None and match.body not in unquote_plus(subject.body):
        return False
    return match.metadata is None or match.metadata.items() <= subject.metadata().items()

"""Fault injection: failures that a test requests in advance for matching calls."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from ecom67.local.standins.stripe.responses import ApiResponse, Json, error_response

ACTIONS = ("500", "409", "429", "503", "drop_before", "drop_after", "slow")

OUTAGES: dict[str, ApiResponse] = {
    "409": error_response(409, "idempotency_error", "Another call works on this object.", code="lock_timeout"),
    "429": error_response(429, "invalid_request_error", "Too many requests reached the API.", code="rate_limit"),
    "500": error_response(500, "api_error", "An error inside the API, ordered by a test."),
    "503": error_response(503, "api_error", "The API is out of service, by order of a test."),
}


@dataclass(frozen=True)
class CallMatcher:
    """The conditions of a fault; one that is None always holds.

    Attributes:
        path: a pattern that is searched in the path.
        method: the HTTP method.
        metadata: metadata of the PaymentIntent of the call.
        body: a text in the decoded parameters.
    """

    path: re.Pattern[str] | None = None
    method: str | None = None
    metadata: dict[str, str] | None = None
    body: str | None = None


@dataclass(frozen=True)
class CallFacts:
    """The properties of a call that conditions refer to; metadata are loaded only when needed."""

    method: str
    path: str
    body: str
    metadata: Callable[[], dict[str, str]]


@dataclass
class Fault:
    """A requested failure of the next `remaining` matching calls; `ms` is the delay of `slow`."""

    id: int
    match: CallMatcher
    action: str
    remaining: int
    ms: int

    def report(self) -> Json:
        """Return the fault for the control API."""
        matcher = {
            "path": self.match.path and self.match.path.pattern,
            "method": self.match.method,
            "paymentIntentMetadata": self.match.metadata,
            "body": self.match.body,
        }
        conditions = {name: value for name, value in matcher.items() if value is not None}
        return {
            "id": self.id,
            "match": conditions,
            "action": self.action,
            "remaining": self.remaining,
            "ms": self.ms,
        }


class FaultRegistry:
    """The requested faults, in memory, in the order of their creation."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)

    def add(self, match: CallMatcher, action: str, *, times: int, ms: int) -> Fault:
        """Add a fault for the next `times` matching calls."""
        fault = Fault(next(self._ids), match, action, times, ms)
        self._faults.append(fault)
        return fault

    def claim(self, facts: CallFacts) -> Fault | None:
        """Return the first fault that matches a call, and count it; None where none matches."""
        for fault in self._faults:
            if fault.remaining and _matches(fault.match, facts):
                fault.remaining -= 1
                return fault
        return None

    def report(self) -> list[Json]:
        """Return all faults, including exhausted ones, for the control API."""
        return [fault.report() for fault in self._faults]

    def clear(self) -> None:
        """Delete all faults."""
        self._faults.clear()


def _matches(match: CallMatcher, facts: CallFacts) -> bool:
    if match.path is not None and not match.path.search(facts.path):
        return False
    if match.method is not None and match.method != facts.method:
        return False
    if match.body is not None and match.body not in unquote_plus(facts.body):
        return False
    return match.metadata is None or match.metadata.items() <= facts.metadata().items()

"""Timeouts of calls to Stripe. The SDK limits each attempt; this limits the call with all its attempts."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import stripe


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Limits of one call.

    Attributes:
        connect: seconds for a connection.
        read: seconds for a response on it.
        total: seconds for the call with all its attempts. The state machine may try a charge three times, and the HTTP
            API cuts a request off after 30 s.
        retries: attempts after the first.
    """

    connect: float = 2
    read: float = 8
    total: float = 7
    retries: int = 2


class DeadlineClient(stripe.RequestsClient):
    """The SDK's HTTP client, which neither starts nor awaits an attempt after the call's deadline.

    Parameters:
        timeouts: the limits.
    """

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self._deadline = _Deadline()
        super().__init__(session=_DeadlineSession(timeouts, self._deadline))

    def request_with_retries(self, *args: Any, **kwargs: Any) -> tuple[Any, int, Mapping[str, str]]:
        """Make a call (used by the SDK)."""
        self._deadline.at = time.monotonic() + self._timeouts.total
        return super().request_with_retries(*args, **kwargs)

    def request(self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None) -> Any:  # type: ignore[override]
        """Make one attempt of a call (used by the SDK)."""
        if self._deadline.remaining <= 0:
            raise stripe.APIConnectionError("Stripe did not answer in time.", should_retry=False)  # type: ignore[no-untyped-call]
        return super().request(method, url, headers, post_data)


class _Deadline(threading.local):
    """The deadline of this thread's call, in seconds of the monotonic clock."""

    at = 0.0

    @property
    def remaining(self) -> float:
        return self.at - time.monotonic()


class _DeadlineSession(requests.Session):
    def __init__(self, timeouts: Timeouts, deadline: _Deadline) -> None:
        super().__init__()
        self._timeouts = timeouts
        self._deadline = deadline

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        remaining = max(self._deadline.remaining, 0.001)
        kwargs["timeout"] = (min(self._timeouts.connect, remaining), min(self._timeouts.read, remaining))
        return super().request(*args, **kwargs)

"""How long the shop waits for Stripe: the SDK bounds each attempt, this bounds the whole call."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import stripe


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits in seconds.

    Attributes:
        connect: for a connection.
        answer: for an answer on it.
        call: for a call with all its attempts. The state machine may try a charge three times, and
            the HTTP API gives up after 30 s.
        retries: attempts after the first.
    """

    connect: float = 2
    answer: float = 8
    call: float = 7
    retries: int = 2


class PatientClient(stripe.RequestsClient):
    """The SDK's HTTP client, which neither starts nor awaits an attempt beyond the end of its call."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._call = _Call()
        super().__init__(session=_BoundedSession(patience, self._call))

    def request_with_retries(self, *args: Any, **kwargs: Any) -> tuple[Any, int, Mapping[str, str]]:
        """Make a call (used by the SDK)."""
        self._call.ends_at = time.monotonic() + self._patience.call
        return super().request_with_retries(*args, **kwargs)

    def request(self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None) -> Any:  # type: ignore[override]
        """Make one attempt of a call (used by the SDK)."""
        if self._call.left <= 0:
            raise stripe.APIConnectionError("Stripe did not answer in time.", should_retry=False)  # type: ignore[no-untyped-call]
        return super().request(method, url, headers, post_data)


class _Call(threading.local):
    """The end of the call that this thread is making."""

    ends_at = 0.0

    @property
    def left(self) -> float:
        return self.ends_at - time.monotonic()


class _BoundedSession(requests.Session):
    def __init__(self, patience: Patience, call: _Call) -> None:
        super().__init__()
        self._patience = patience
        self._call = call

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        left = max(self._call.left, 0.001)
        kwargs["timeout"] = (min(self._patience.connect, left), min(self._patience.answer, left))
        return super().request(*args, **kwargs)

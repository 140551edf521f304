"""Denies what a handler may not do while it is tried out: writes to AWS, and the network beyond it.

AWS calls that read go through; any other is stopped before it is sent. A connection is allowed only
while such a call is under way, so an SDK that has its own way to the network, such as Stripe's, is
stopped at its first.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bus import clients

_READS = ("Get", "BatchGet", "Query", "Describe", "List", "Head", "TransactGet", "AdminGet", "Filter")
_GUARDS: list["Guard"] = []


class DeniedError(BaseException):
    """A handler tried what is denied; the text says what. No handler's own ``except Exception`` may swallow it."""


@dataclass(slots=True)
class Guard:
    """What is denied now.

    Attributes:
        denied: what was tried, in order.
        reading: how many AWS calls that read are under way.
    """

    denied: list[str] = field(default_factory=list)
    reading: int = 0

    def deny(self, what: str) -> None:
        """Stop something; always raises DeniedError."""
        self.denied.append(what)
        raise DeniedError(what)


@contextmanager
def denied() -> Iterator[Guard]:
    """Deny writes and the network until the block ends."""
    _hook_once()
    guard = Guard()
    session = clients.session()

    def before(**call: Any) -> None:
        model, params = call["model"], call["params"]
        if not model.name.startswith(_READS):
            guard.deny(f"{model.service_model.service_name}:{model.name} {_told(params)}")
        guard.reading += 1

    def after(**_: Any) -> None:
        guard.reading -= 1

    clients.client.cache_clear()
    session.register("before-call", before, unique_id="denial-before")
    session.register("after-call", after, unique_id="denial-after")
    session.register("after-call-error", after, unique_id="denial-error")
    _GUARDS.append(guard)
    try:
        yield guard
    finally:
        _GUARDS.remove(guard)
        for name, unique_id in (("before-call", "denial-before"), ("after-call", "denial-after")):
            session.unregister(name, unique_id=unique_id)
        session.unregister("after-call-error", unique_id="denial-error")
        clients.client.cache_clear()


_hooked = False


def _hook_once() -> None:
    # An audit hook stays for as long as the process lives; without a guard it does nothing.
    global _hooked
    if not _hooked:
        sys.addaudithook(_audit)
        _hooked = True


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _GUARDS and not _GUARDS[-1].reading:
        _GUARDS[-1].deny(f"a connection to {arguments[1]}")


def _told(params: Any) -> str:
    body = params.get("body") if isinstance(params, dict) else None
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
    return text if len(text) <= 2000 else text[:2000] + "…"

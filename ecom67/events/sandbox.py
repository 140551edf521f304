"""A sandbox for handlers that blocks writes to AWS and all other network access.

Reading AWS calls pass; all others are blocked before they are sent. A connection is allowed only during a reading AWS
call, so that SDKs with their own network access, such as Stripe's, are blocked as well.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bus import clients

_READS = ("Get", "BatchGet", "Query", "Describe", "List", "Head", "TransactGet", "AdminGet", "Filter")
_ACTIVE: list["Sandbox"] = []


class SandboxError(BaseException):
    """A handler tried something that the sandbox blocks; the message describes it.

    It is not an ``Exception``, so that a handler cannot swallow it.
    """


@dataclass(slots=True)
class Sandbox:
    """The state of a sandbox.

    Attributes:
        blocked: the blocked calls and connections, in order.
        reading: number of reading AWS calls in progress.
    """

    blocked: list[str] = field(default_factory=list)
    reading: int = 0

    def block(self, description: str) -> None:
        """Record a blocked call or connection and raise SandboxError."""
        self.blocked.append(description)
        raise SandboxError(description)


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    """Block writes to AWS and other network access within the block."""
    _install_audit_hook()
    active = Sandbox()
    session = clients.session()

    def before(**call: Any) -> None:
        model, params = call["model"], call["params"]
        if not model.name.startswith(_READS):
            active.block(f"{model.service_model.service_name}:{model.name} {_body(params)}")
        active.reading += 1

    def after(**_: Any) -> None:
        active.reading -= 1

    clients.client.cache_clear()
    session.register("before-call", before, unique_id="sandbox-before")
    session.register("after-call", after, unique_id="sandbox-after")
    session.register("after-call-error", after, unique_id="sandbox-error")
    _ACTIVE.append(active)
    try:
        yield active
    finally:
        _ACTIVE.remove(active)
        for name, unique_id in (("before-call", "sandbox-before"), ("after-call", "sandbox-after")):
            session.unregister(name, unique_id=unique_id)
        session.unregister("after-call-error", unique_id="sandbox-error")
        clients.client.cache_clear()


_installed = False


def _install_audit_hook() -> None:
    # An audit hook cannot be removed; without an active sandbox it does nothing.
    global _installed
    if not _installed:
        sys.addaudithook(_audit)
        _installed = True


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _ACTIVE and not _ACTIVE[-1].reading:
        _ACTIVE[-1].block(f"a connection to {arguments[1]}")


def _body(params: Any) -> str:
    body = params.get("body") if isinstance(params, dict) else None
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
    return text if len(text) <= 2000 else text[:2000] + "…"

"""Connections that can be cut: HTTP/1.1 where an answer may be to hang up."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class CuttableProtocol(H11Protocol):
    """Uvicorn's protocol, with its transport within reach of the application."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport for `HangUp`."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class HangUp(Response):
    """No answer at all: the connection ends, as when a server dies.

    A response that is begun and cut short would differ: clients do not try again after a truncated body.
    """

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Cut the connection, and end when the server has noticed."""
        scope["state"]["transport"].abort()
        await _gone(receive)


async def wait_for_caller(request: Request, seconds: float) -> None:
    """Let time pass, but no longer than the caller stays connected; the body must have been read."""
    try:
        await asyncio.wait_for(_gone(request.receive), seconds)
    except (TimeoutError, asyncio.CancelledError):
        # A server that stops cancels what still waits; the caller then has its answer early rather than an error.
        return


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

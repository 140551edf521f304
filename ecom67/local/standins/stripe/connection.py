"""HTTP/1.1 connections that a response can cut."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class CuttableProtocol(H11Protocol):
    """Uvicorn's protocol that exposes its transport to the application."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Store the transport for `HangUp`."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class HangUp(Response):
    """A response that cuts the connection without an answer, as a crashed server would.

    A truncated body would be different: clients do not retry after it.
    """

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Cut the connection and wait until the server has noticed."""
        scope["state"]["transport"].abort()
        await _disconnected(receive)


async def wait_for_caller(request: Request, seconds: float) -> None:
    """Wait, but at most until the caller disconnects; the body must have been read."""
    try:
        await asyncio.wait_for(_disconnected(request.receive), seconds)
    except (TimeoutError, asyncio.CancelledError):
        # At shutdown the server cancels waiting requests: the caller then gets its response early instead of an error.
        return


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

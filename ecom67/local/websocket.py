"""A proxy for WebSocket connections."""

import asyncio
from contextlib import suppress

from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

HANDSHAKE_TIMEOUT_SECONDS = 15.0
"""Timeout of the handshake, during which functions may have to start."""
MAX_MESSAGE_BYTES = 128 * 1024
"""Limit of API Gateway."""


async def proxy(browser: WebSocket, url: str) -> None:
    """Connect a browser with a server, and relay messages in both directions until one side disconnects.

    A refused handshake is passed on to the browser; where the server does not answer, the browser gets a 502.
    """
    query = browser.scope["query_string"].decode("ascii")
    try:
        server = await connect(
            f"{url}?{query}" if query else url,
            open_timeout=HANDSHAKE_TIMEOUT_SECONDS,
            max_size=MAX_MESSAGE_BYTES,
            proxy=None,
        )
    except InvalidStatus as error:
        answer = error.response
        await browser.send_denial_response(Response(bytes(answer.body or b""), answer.status_code))
        return
    except (OSError, InvalidHandshake, TimeoutError):
        await browser.send_denial_response(JSONResponse({"message": "The chat does not answer."}, 502))
        return
    await browser.accept()
    async with server:
        await _relay(browser, server)


async def _relay(browser: WebSocket, server: ClientConnection) -> None:
    directions = [
        asyncio.create_task(_browser_to_server(browser, server)),
        asyncio.create_task(_server_to_browser(browser, server)),
    ]
    _, pending = await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
    for direction in pending:
        direction.cancel()
    await asyncio.gather(*directions, return_exceptions=True)
    with suppress(RuntimeError, WebSocketDisconnect):
        await browser.close(server.close_code if server.close_code and server.close_code < 1015 else 1001)


async def _browser_to_server(browser: WebSocket, server: ClientConnection) -> None:
    with suppress(WebSocketDisconnect, ConnectionClosed):
        while True:
            await server.send(await browser.receive_text())


async def _server_to_browser(browser: WebSocket, server: ClientConnection) -> None:
    with suppress(WebSocketDisconnect, ConnectionClosed, RuntimeError):
        async for message in server:
            await browser.send_text(message if isinstance(message, str) else message.decode())

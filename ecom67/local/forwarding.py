"""Hands a request on and its answer back, as they are and as they come."""

from collections.abc import AsyncIterator

import httpx
from starlette.requests import Request
from starlette.responses import StreamingResponse

# RFC 9110, 7.6.1: what concerns one connection and is not handed on. The host is the emulator's.
HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection "
    b"te trailer transfer-encoding upgrade".split()
)
# The API itself answers after 30 s at the latest.
TIMEOUT = {"connect": 2.0, "read": 60.0, "write": 60.0, "pool": 30.0}

Headers = list[tuple[bytes, bytes]]


class UnreachableError(Exception):
    """The server behind does not answer."""


class Forwarder:
    """Forwards to one server.

    Parameters:
        server: its address, without a path.
        transport: by which to reach it.
    """

    def __init__(self, server: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._server = httpx.URL(server)
        # The bare transport adds no headers of its own and decompresses nothing.
        self._transport = transport or httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=200))

    async def forward(self, request: Request, path: str) -> StreamingResponse:
        """Return the server's answer to the request at another path, with the same query.

        Raises UnreachableError.
        """
        query = request.scope["query_string"]
        url = self._server.copy_with(raw_path=path.encode("ascii") + (b"?" + query if query else b""))
        has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
        outgoing = httpx.Request(
            request.method,
            url,
            headers=[*end_to_end_headers(request.headers.raw, b"host"), (b"host", self._server.netloc)],
            content=request.stream() if has_body else None,
            extensions={"timeout": TIMEOUT},
        )
        try:
            answer = await self._transport.handle_async_request(outgoing)
        except httpx.TransportError as error:
            raise UnreachableError(str(error)) from error
        response = StreamingResponse(_body(answer), answer.status_code)
        response.raw_headers = end_to_end_headers(answer.headers.raw)
        return response

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


def end_to_end_headers(headers: Headers, *without: bytes) -> Headers:
    """Return the headers that concern the message itself, and not the connection it came over.

    Their names are in lower case, as ASGI has them: else what compresses an answer would leave its old length.
    """
    named = {
        token.strip().lower() for name, value in headers if name.lower() == b"connection" for token in value.split(b",")
    }
    left_out = HOP_BY_HOP | named | set(without)
    return [(name.lower(), value) for name, value in headers if name.lower() not in left_out]


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()

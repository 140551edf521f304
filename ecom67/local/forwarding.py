"""A reverse proxy for HTTP that streams requests and responses unchanged."""

from collections.abc import AsyncIterator, Callable

import httpx
from starlette.requests import Request
from starlette.responses import StreamingResponse

# Headers that concern one connection only; source: RFC 9110, section 7.6.1.
HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection "
    b"te trailer transfer-encoding upgrade".split()
)
# The API itself answers within 30 s.
TIMEOUT = {"connect": 2.0, "read": 60.0, "write": 60.0, "pool": 30.0}

Headers = list[tuple[bytes, bytes]]
Signing = Callable[[str, str], dict[str, str]]
"""Returns the headers that sign a request, given its method and its URL."""


class UnreachableError(Exception):
    """The server behind the proxy does not answer."""


class Forwarder:
    """Forwards requests to one server.

    Parameters:
        server: its URL, without a path.
        transport: replaces the network in tests.
    """

    def __init__(self, server: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._server = httpx.URL(server)
        # A client would add headers of its own and decompress the response; the bare transport does neither.
        self._transport = transport or httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=200))

    async def forward(self, request: Request, path: str, sign: Signing | None = None) -> StreamingResponse:
        """Send the request with its query to a path of the server and return the response.

        Parameters:
            request: of the browser.
            path: on the server, as it is sent.
            sign: signs what is forwarded, in place of the browser's own credentials; None leaves these.

        Raises UnreachableError where the server does not answer.
        """
        query = request.scope["query_string"]
        url = self._server.copy_with(raw_path=path.encode("ascii") + (b"?" + query if query else b""))
        signature = sign(request.method, str(url)) if sign else {}
        replaced = [b"host", *(name.lower().encode() for name in signature)]
        has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
        outgoing = httpx.Request(
            request.method,
            url,
            headers=[
                *end_to_end_headers(request.headers.raw, *replaced),
                (b"host", self._server.netloc),
                *((name.encode(), value.encode()) for name, value in signature.items()),
            ],
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


def end_to_end_headers(headers: Headers, *excluded: bytes) -> Headers:
    """Return the headers that are not limited to one connection, without those in ``excluded``.

    Their names are in lower case, as ASGI requires: otherwise the compression would leave the old content length.
    """
    named = {
        token.strip().lower() for name, value in headers if name.lower() == b"connection" for token in value.split(b",")
    }
    dropped = HOP_BY_HOP | named | set(excluded)
    return [(name.lower(), value) for name, value in headers if name.lower() not in dropped]


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()

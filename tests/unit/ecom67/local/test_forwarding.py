import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ecom67.local.forwarding import Forwarder, UnreachableError, end_to_end_headers


class Upstream(httpx.AsyncBaseTransport):
    """Takes what is forwarded, and answers in two pieces."""

    def __init__(self, answer: httpx.Response | None) -> None:
        self.answer = answer
        self.request: httpx.Request | None = None
        self.body = b""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.answer is None:
            raise httpx.ConnectError("refused")
        self.request = request
        self.body = await request.aread()
        return self.answer


async def _pieces() -> AsyncIterator[bytes]:
    yield b"one "
    yield b"two"


def _through(upstream: Upstream, request: httpx.Request) -> httpx.Response:
    forwarder = Forwarder("http://127.0.0.1:4566", upstream)

    async def endpoint(incoming: Request) -> Response:
        return await forwarder.forward(incoming, "/_aws/execute-api/a1/$default/api/products/a%2Fb")

    app = Starlette(routes=[Route("/{path:path}", endpoint, methods=["GET", "POST"])])

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as client:
            client.headers.clear()
            return await client.send(request)

    return asyncio.run(send())


def test_a_request_arrives_as_it_was_sent() -> None:
    upstream = Upstream(httpx.Response(200, content=_pieces()))
    headers = {"Authorization": "Bearer t", "Idempotency-Key": "k", "Connection": "keep-alive, X-Hop", "X-Hop": "1"}

    _through(upstream, httpx.Request("POST", "http://shop/api/x?q=a%20b&q=c", headers=headers, content=b"\x00body"))

    assert upstream.request is not None
    assert upstream.request.method == "POST"
    assert upstream.request.url.raw_path == b"/_aws/execute-api/a1/$default/api/products/a%2Fb?q=a%20b&q=c"
    assert upstream.body == b"\x00body"
    assert dict(upstream.request.headers) == {
        "authorization": "Bearer t",
        "idempotency-key": "k",
        "content-length": "5",
        "host": "127.0.0.1:4566",
    }


def test_a_request_without_a_body_stays_without_one() -> None:
    upstream = Upstream(httpx.Response(200, content=_pieces()))

    _through(upstream, httpx.Request("GET", "http://shop/api/x"))

    assert upstream.request is not None
    assert dict(upstream.request.headers) == {"host": "127.0.0.1:4566"}


def test_an_answer_comes_back_as_it_is() -> None:
    headers = [
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Transfer-Encoding", "chunked"),
        ("X-Correlation-Id", "c"),
    ]
    answer = _through(
        Upstream(httpx.Response(402, headers=headers, content=_pieces())), httpx.Request("GET", "http://shop/api/x")
    )

    assert answer.status_code == 402
    assert answer.content == b"one two"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["x-correlation-id"] == "c"
    assert "transfer-encoding" not in answer.headers


def test_a_server_that_is_away_is_unreachable() -> None:
    with pytest.raises(UnreachableError):
        _through(Upstream(None), httpx.Request("GET", "http://shop/api/x"))


def test_headers_that_the_connection_names_are_not_handed_on() -> None:
    headers = [(b"Connection", b"close, X-Secret"), (b"x-secret", b"1"), (b"accept", b"*/*"), (b"Upgrade", b"h2c")]

    assert end_to_end_headers(headers) == [(b"accept", b"*/*")]


def test_a_header_is_handed_on_in_lower_case_so_that_compression_finds_the_length() -> None:
    assert end_to_end_headers([(b"Content-Length", b"2920"), (b"X-Who", b"Ada")]) == [
        (b"content-length", b"2920"),
        (b"x-who", b"Ada"),
    ]

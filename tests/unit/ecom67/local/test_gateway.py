import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from ecom67.base.errors import CliError
from ecom67.local.forwarding import Signing, UnreachableError
from ecom67.local.gateway import LocalGateway

PUBLISHED = {"edge/api-id": "a1", "catalog/image-bucket": "pictures", "identity/user-pool-id": "pool-1"}


class Forwarded:
    """Takes the place of the emulator."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.signed = False
        self.status = 200

    async def forward(self, _: Request, path: str, sign: Signing | None = None) -> Response:
        self.paths.append(path)
        self.signed = sign is not None
        if self.status == 0:
            raise UnreachableError
        return Response("forwarded", self.status)

    async def close(self) -> None:
        pass


class Visitor:
    """Visits a gateway whose stacks have published something."""

    def __init__(self, shop: Path) -> None:
        self.emulator = Forwarded()
        self.published: dict[str, str] | None = PUBLISHED
        self.bank = Forwarded()
        self.gateway = LocalGateway("http://127.0.0.1:4566", "http://127.0.0.1:12111", shop, shop.parent / "events")
        self.gateway._forwarder = self.emulator  # type: ignore[assignment]
        self.gateway._bank = self.bank  # type: ignore[assignment]

    def get(self, path: str) -> httpx.Response:
        return self.send("GET", path)

    def get_raw(self, raw_path: bytes, *headers: tuple[bytes, bytes]) -> httpx.Response:
        """Send a path and headers that a client of HTTP would put right."""
        path, _, query = raw_path.partition(b"?")
        scope = {
            "type": "http",
            "method": "GET",
            "path": unquote(path.decode()),
            "raw_path": path,
            "query_string": query,
            "headers": list(headers),
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self.gateway.app()(scope, receive, send))
        start, *bodies = sent
        body = b"".join(message.get("body", b"") for message in bodies)
        return httpx.Response(start["status"], headers=start["headers"], content=body)

    def send(self, method: str, path: str) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.gateway.app())
            async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
                return await client.request(method, path)

        return asyncio.run(send())


@pytest.fixture
def visitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    visiting = Visitor(tmp_path / "dist")

    def published(*_: Any) -> dict[str, str]:
        if visiting.published is None:
            raise CliError("away")
        return visiting.published

    monkeypatch.setattr("ecom67.local.emulator.published", published)
    return visiting


@pytest.fixture
def shop(visitor: Visitor, tmp_path: Path) -> Visitor:
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("the shop")
    (tmp_path / "dist" / "assets" / "index-1a2b.js").write_text("the script")
    (tmp_path / "secret.txt").write_text("a secret")
    return visitor


def test_the_api_is_behind_the_gateway(visitor: Visitor) -> None:
    visitor.get("/api/products/a%2Fb?limit=1")

    assert visitor.emulator.paths == ["/_aws/execute-api/a1/$default/api/products/a%2Fb"]


def test_images_come_from_their_bucket_and_may_be_kept(visitor: Visitor) -> None:
    answer = visitor.get("/images/lamp.svg")

    assert visitor.emulator.paths == ["/pictures/images/lamp.svg"]
    assert answer.headers["cache-control"] == "public, max-age=86400"


def test_a_missing_image_is_not_kept(visitor: Visitor) -> None:
    visitor.emulator.status = 404

    answer = visitor.get("/images/none.svg")

    assert answer.status_code == 404
    assert "cache-control" not in answer.headers


def test_before_the_first_deployment_the_api_asks_for_patience(visitor: Visitor) -> None:
    visitor.published = {}

    answer = visitor.get("/api/products")

    assert (answer.status_code, answer.json()["code"]) == (503, "NOT_DEPLOYED")
    visitor.published = PUBLISHED
    assert visitor.get("/api/products").status_code == 200


@pytest.mark.parametrize("away", ["when asked for the stacks", "when asked for the answer"])
def test_an_emulator_that_is_away_is_a_problem_that_says_so(visitor: Visitor, away: str) -> None:
    visitor.emulator.status = 0
    if away == "when asked for the stacks":
        visitor.published = None

    answer = visitor.get("/api/products")

    assert answer.status_code == 502
    assert answer.headers["content-type"] == "application/problem+json"
    assert "make up" in answer.json()["detail"]


def test_the_browser_gets_its_settings_anew_each_time(visitor: Visitor) -> None:
    answer = visitor.get("/config.json")

    assert answer.json()["userPoolId"] == "pool-1"
    assert answer.headers["cache-control"] == "no-store"


def test_without_a_built_shop_a_page_tells_what_there_is(visitor: Visitor) -> None:
    answer = visitor.get("/")

    assert answer.status_code == 200
    assert "/api/products" in answer.text


def test_a_built_shop_is_served_with_its_one_page_for_every_address(shop: Visitor) -> None:
    assert [shop.get(path).text for path in ("/", "/orders/o-1", "/products")] == ["the shop"] * 3
    assert shop.get("/").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/c/Dr.%20Martens",
        "/c/Home%2FGarden",
        "/c/50%25%20Off%3F",
        "/c/R%26D%20%2B%20Tools%20%231",
        "/p/v1.2",
        "/help/a.b",
    ],
)
def test_an_address_with_a_name_in_it_is_one_of_the_shop_whatever_the_name(shop: Visitor, path: str) -> None:
    assert shop.get(path).text == "the shop"


@pytest.mark.parametrize("path", ["/favicon.ico", "/sitemap.xml", "/.well-known/security.txt", "/wp-login.php"])
def test_a_file_that_the_shop_does_not_have_is_missing(shop: Visitor, path: str) -> None:
    assert shop.get(path).status_code == 404


def test_hashed_files_may_be_kept_for_good_and_missing_ones_are_missed(shop: Visitor) -> None:
    found = shop.get("/assets/index-1a2b.js")

    assert found.text == "the script"
    assert "immutable" in found.headers["cache-control"]
    assert shop.get("/assets/index-old.js").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/.well-known/security.txt", "/.well-known/change-password", "/.git/config", "/.env", "/favicon.ico"),
        *("/wp-admin", "/api", "/healthz", "/_next/static", "/apple-app-site-association", "/assets/none.js"),
    ],
)
def test_an_address_for_machines_is_missed(shop: Visitor, path: str) -> None:
    assert shop.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/c/Dr.%20Martens", "/c/.NET", "/p/v1.2", "/nowhere/at/all", "/imprint", "/search?q=a.b"]
)
def test_a_page_may_have_a_dot_in_its_address(shop: Visitor, path: str) -> None:
    assert (shop.get(path).status_code, shop.get(path).text) == (200, "the shop")


@pytest.mark.parametrize("path", ["/", "/assets/index-1a2b.js", "/config.json", "/images/lamp.svg", "/.env"])
def test_a_browser_gets_the_headers_of_the_deployed_shop(shop: Visitor, path: str) -> None:
    headers = shop.get(path).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    # Cognito, and the bucket to which staff uploads pictures, are the emulator here
    directives = [part.split() for part in headers["content-security-policy"].split(";")]
    (sources,) = [set(sources) for name, *sources in directives if name == "connect-src"]
    assert sources == {"'self'", "http://127.0.0.1:4566", "https://api.stripe.com"}
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"])
def test_nothing_outside_the_built_shop_is_served(shop: Visitor, path: str) -> None:
    assert "a secret" not in shop.get(path).text


def test_the_catalogue_of_events_is_below_its_own_address(shop: Visitor, tmp_path: Path) -> None:
    (tmp_path / "events" / "events").mkdir(parents=True)
    (tmp_path / "events" / "index.html").write_text("all events")
    (tmp_path / "events" / "events" / "OrderPlaced.html").write_text("one event")

    assert shop.get("/docs/events").headers["location"] == "/docs/events/"
    assert [shop.get(f"/docs/events/{path}").text for path in ("", "events/OrderPlaced.html")] == [
        "all events",
        "one event",
    ]
    assert shop.get("/docs/events/events/Nothing.html").status_code == 404
    assert shop.get("/docs/events/..%2Fsecret.txt").status_code == 400


def test_a_catalogue_that_is_not_built_says_how_it_is(shop: Visitor) -> None:
    answer = shop.get("/docs/events/")

    assert (answer.status_code, "make docs" in answer.text) == (404, True)


def test_what_the_shopper_tells_the_test_bank_reaches_it(visitor: Visitor) -> None:
    visitor.send("POST", "/_3ds/pi_1")

    assert visitor.bank.paths == ["/_3ds/pi_1"]
    assert visitor.emulator.paths == []


@pytest.mark.parametrize(
    ("raw_path", "status"),
    [
        (b"/%00", 400),
        (b"/assets/a%00.js", 400),
        (b"/api/../../_ministack/health", 400),
        (b"/api/%2e%2e/%2E%2E/_ministack/health", 400),
        (b"/api/..%2f..%2f_ministack/health", 400),
        (b"/api/..%5c_ministack/health", 400),
        (b"/images/../other-bucket/key", 400),
        (b"/api/./products", 400),
        (b"/docs/events/../../secret.txt", 400),
        (b"/api/products?" + b"q" * 8192, 414),
        (b"/" + b"a" * 8193, 414),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_address_that_is_not_the_shop_s_is_refused_and_reaches_nobody(
    shop: Visitor, raw_path: bytes, status: int
) -> None:
    answer = shop.get_raw(raw_path)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert shop.emulator.paths == []


def test_a_body_whose_length_is_given_twice_is_refused(visitor: Visitor) -> None:
    answer = visitor.get_raw(b"/api/products", (b"content-length", b"1"), (b"content-length", b"2"))

    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_LENGTH")
    assert visitor.emulator.paths == []


def test_encoded_slashes_and_dots_within_a_name_are_of_the_shop(visitor: Visitor) -> None:
    for path in (b"/api/products/a%2Fb", b"/api/products/v1.2", b"/api/products/..hidden", b"/api/products/%25"):
        assert visitor.get_raw(path).status_code == 200

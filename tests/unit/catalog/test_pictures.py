"""Pictures of other hosts: fetched within bounds, from public addresses only, and shown from the shop's own bucket."""

import socket
import threading
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import pytest
from urllib3 import HTTPResponse
from urllib3.connectionpool import HTTPConnectionPool

from services.catalog import pictures
from services.catalog.bulk_import import import_products, parse_body
from services.catalog.pictures import (
    HostUnreachableError,
    Picture,
    PictureNotFetchedError,
    PictureSettings,
    PictureStore,
    fetch_picture,
    path_of,
)
from services.catalog.store import CatalogStore
from tests.unit.catalog.conftest import NOW

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 32
PUBLIC = "8.8.8.8"
ADDRESSES = {
    "pictures.example": PUBLIC,
    "inside.example": "10.0.0.7",
    "metadata.example": "169.254.169.254",
    "loopback.example": "127.0.0.1",
    "mapped.example": "::ffff:127.0.0.1",
    "unique-local.example": "fd00::1",
    "shared.example": "100.64.0.1",
    "zero.example": "0.0.0.0",  # noqa: S104 - an address that is refused
}


class Web:
    """Takes the place of the network: answers by host and path, and notes which addresses were connected to."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[int, Mapping[str, str], bytes]] = {}
        self.connected: list[str] = []

    def answer(self, url: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        host, _, path = url.removeprefix("https://").partition("/")
        self.answers[host, f"/{path}"] = status, headers, body

    def open(self, pool: Any, *, url: str, **given: Any) -> HTTPResponse:
        self.connected.append(pool.host)
        status, headers, body = self.answers[given["headers"]["Host"], url]
        return HTTPResponse(BytesIO(body), headers=headers, status=status, preload_content=False)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    found = Web()

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        address = ADDRESSES.get(host, host)
        if not (address.replace(".", "").isdigit() or ":" in address):
            raise socket.gaierror
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(HTTPConnectionPool, "urlopen", lambda pool, *args, **given: found.open(pool, *args, **given))
    pictures.guarded_session.cache_clear()
    yield found
    pictures.guarded_session.cache_clear()


def refusal(address: str) -> str:
    with pytest.raises(PictureNotFetchedError) as refused:
        fetch_picture(address)
    return str(refused.value)


def test_a_picture_is_fetched_from_the_address_that_was_checked(web: Web) -> None:
    web.answer("https://pictures.example/a.jpg", JPEG)
    assert fetch_picture("https://pictures.example/a.jpg") == Picture("image/jpeg", JPEG)
    assert web.connected == [PUBLIC]


@pytest.mark.parametrize("host", sorted(set(ADDRESSES) - {"pictures.example"}))
def test_a_host_without_a_public_address_is_not_connected_to(web: Web, host: str) -> None:
    assert refusal(f"https://{host}/a.jpg") == "the host has no public address"
    assert web.connected == []


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/a.jpg", "https://[::1]/a.jpg", "https://169.254.169.254/latest"]
)
def test_an_address_in_numbers_is_judged_as_well(web: Web, address: str) -> None:
    assert refusal(address) == "the host has no public address"
    assert web.connected == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("https://inside.example/a.jpg", "the host has no public address"),
        ("https://127.0.0.1/a.jpg", "the host has no public address"),
        ("http://pictures.example/a.jpg", "only https is allowed, and it is http"),
        ("file:///etc/hostname", "only https is allowed, and it is file"),
        ("https://pictures.example:8443/a.jpg", "its address has a port or a user, or no host"),
    ],
)
def test_a_redirect_is_judged_like_the_address_itself(web: Web, target: str, reason: str) -> None:
    web.answer("https://pictures.example/a.jpg", status=302, Location=target)
    assert refusal("https://pictures.example/a.jpg") == reason
    assert web.connected == [PUBLIC]


def test_a_redirect_to_a_public_host_is_followed(web: Web) -> None:
    web.answer("https://pictures.example/a.jpg", status=301, Location="/b.jpg")
    web.answer("https://pictures.example/b.jpg", JPEG)
    assert fetch_picture("https://pictures.example/a.jpg").body == JPEG


def test_redirects_without_an_end_are_given_up(web: Web) -> None:
    web.answer("https://pictures.example/a.jpg", status=302, Location="/a.jpg")
    assert refusal("https://pictures.example/a.jpg") == "it redirects more than 3 times"
    assert len(web.connected) == 4


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://pictures.example/a.jpg", "only https is allowed, and it is http"),
        ("https://user@pictures.example/a.jpg", "its address has a port or a user, or no host"),
        ("https:///a.jpg", "its address has a port or a user, or no host"),
        ("https://[::1/a.jpg", "its address cannot be read"),
        ("https://nowhere.example/a.jpg", "the host cannot be reached"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(web: Web, address: str, reason: str) -> None:
    assert refusal(address) == reason


def test_a_large_picture_is_refused_before_all_of_it_is_read(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_BYTES", 100_000)
    web.answer("https://pictures.example/a.jpg", JPEG + b"\0" * 1_000_000)
    assert refusal("https://pictures.example/a.jpg").startswith("it has more than")


def test_a_slow_picture_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PICTURE_SECONDS", 0)
    web.answer("https://pictures.example/a.jpg", JPEG)
    assert refusal("https://pictures.example/a.jpg") == "it takes more than 0 s"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (JPEG, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 8, "image/png"),
        (b"GIF89a" + b"\0" * 8, "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "image/avif"),
        (b"<svg onload='alert(1)'/>", None),
        (b"<html>Not found", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_a_picture_is(web: Web, body: bytes, kind: str | None) -> None:
    web.answer("https://pictures.example/a", body, 200, Server="any")
    if kind is None:
        assert refusal("https://pictures.example/a") == "it is no JPEG, PNG, GIF, WebP or AVIF"
    else:
        assert fetch_picture("https://pictures.example/a").content_type == kind


def test_a_missing_picture_says_so(web: Web) -> None:
    web.answer("https://pictures.example/a.jpg", status=404)
    assert refusal("https://pictures.example/a.jpg") == "the host answers 404"


class Bucket:
    """Takes the place of S3."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[str, bytes]] = {}

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str, CacheControl: str) -> None:  # noqa: N803
        assert (Bucket, CacheControl) == ("pictures", "public, max-age=31536000, immutable")
        self.objects[Key] = ContentType, Body


class Host:
    """Fetches pictures of one host; some of them are missing."""

    def __init__(self, *missing: str) -> None:
        self.missing = missing
        self.asked: list[str] = []

    def __call__(self, address: str) -> Picture:
        self.asked.append(address)
        if address in self.missing:
            raise PictureNotFetchedError("the host answers 404")
        return Picture("image/jpeg", JPEG)


def stored_in(bucket: Bucket, fetch: Any) -> PictureStore:
    return PictureStore(lambda: bucket, PictureSettings(IMAGE_BUCKET="pictures"), fetch)  # type: ignore[arg-type, return-value]


def a(number: int) -> str:
    return f"https://pictures.example/{number}.jpg"


def test_an_imported_product_shows_its_pictures_from_the_shop(store: CatalogStore) -> None:
    bucket, host = Bucket(), Host(a(2))
    body = (
        f'[{{"name": "Lamp", "category": "x", "price": 1, "imageUrl": "{a(1)}", '
        f'"images": ["{a(1)}", "{a(2)}", "{a(3)}", "/images/own.svg"]}}]'
    ).encode()
    # When a product is imported of whose pictures one is missing
    report = import_products(store, parse_body(body), NOW, fetch_pictures=stored_in(bucket, host).fetch_all)
    # Then it has the others, from the shop's own bucket
    product = store.get_visible("lamp")
    assert product is not None
    assert (product.image_url, product.images) == (path_of(a(1)), [path_of(a(1)), path_of(a(3)), "/images/own.svg"])
    assert {f"/{key}" for key in bucket.objects} == {path_of(a(1)), path_of(a(3))}
    assert [note.note for note in report.notes] == [f"{a(2)}: left out, the host answers 404"]
    # And the same import again asks for the missing one only, and adds it
    host.asked, host.missing = [], ()
    again = import_products(store, parse_body(body), NOW, fetch_pictures=stored_in(bucket, host).fetch_all)
    assert (host.asked, again.updated) == ([a(2)], 1)
    once_more = import_products(store, parse_body(body), NOW, fetch_pictures=stored_in(bucket, host).fetch_all)
    assert (host.asked, once_more.unchanged) == ([a(2)], 1)
    # And a dry run says that nothing would change
    assert import_products(store, parse_body(body), NOW, dry_run=True).unchanged == 1


def test_a_host_that_cannot_be_reached_is_asked_once() -> None:
    asked: list[str] = []

    def unreachable(address: str) -> Picture:
        asked.append(address)
        raise HostUnreachableError("the host cannot be reached")

    store = stored_in(Bucket(), unreachable)
    assert set(store.fetch_all([a(1)])) == {a(1)}
    missing = store.fetch_all([a(number) for number in range(200)])
    assert len(missing) == 200
    # As many as are fetched at once may be under way when the first one fails
    assert len(asked) <= 1 + pictures.CONCURRENT_FETCHES


def test_pictures_that_take_too_long_are_left_for_the_next_import() -> None:
    gate = threading.Event()

    def slow(address: str) -> Picture:
        gate.wait()
        return Picture("image/jpeg", JPEG)

    try:
        missing = stored_in(Bucket(), slow).fetch_all([a(1)], seconds=0)
    finally:
        gate.set()
    assert missing == {a(1): "there was no time to fetch it; import the same file again"}

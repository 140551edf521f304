"""Fetches the pictures of products from other hosts into the shop's bucket, so that the page's policy lets them show.

The addresses come from a file that another shop made, so they are not trusted: only https on its usual port, only hosts
with a public address (checked at each redirect, and the connection goes to the very address that was checked), only so
many bytes and seconds, and only the kinds of pictures in SIGNATURES.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from bus.settings import Settings
from schemas.catalog import ProductSnapshot
from services.catalog.product_input import AnyProduct, ProductInput

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from requests import Response, Session

PREFIX = "images/imported/"
MAX_BYTES = 8 * 1024 * 1024
CONNECT_SECONDS, READ_SECONDS, PICTURE_SECONDS = 3, 5, 10
MAX_REDIRECTS = 3
CONCURRENT_FETCHES = 16
BATCH_SECONDS = 15
"""For all pictures of a request: API Gateway waits 30 s, and the products are still to be written."""
CACHE_CONTROL = "public, max-age=31536000, immutable"
SIGNATURES: dict[str, Callable[[bytes], bool]] = {
    "image/jpeg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "image/png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/gif": lambda head: head.startswith((b"GIF87a", b"GIF89a")),
    "image/webp": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    "image/avif": lambda head: head[4:12] in (b"ftypavif", b"ftypavis"),
}
"""How a picture begins, by its type. SVG is none of them: it may have scripts in it."""
NOT_PUBLIC, SLOW, UNREACHABLE = (
    "the host has no public address",
    "the host does not answer in time",
    "the host cannot be reached",
)
NO_TIME = "there was no time to fetch it; import the same file again"
HOST_REASONS = (NOT_PUBLIC, SLOW, UNREACHABLE, NO_TIME)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class PictureSettings(Settings):
    """Environment of the function that stores pictures."""

    image_bucket: str


class PictureNotFetchedError(Exception):
    """A picture cannot be fetched; the text says why."""


class HostUnreachableError(PictureNotFetchedError):
    """No picture of the host can be fetched."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was fetched."""

    content_type: str
    body: bytes


def is_foreign(address: str) -> bool:
    """Return whether a picture is on another host; else it is a path of the shop."""
    return not address.startswith("/")


def path_of(address: str) -> str:
    """Return the path at which the shop shows a picture from elsewhere; the same address always has the same one."""
    return f"/{PREFIX}{hashlib.sha256(address.encode()).hexdigest()[:32]}"


def with_stored_pictures(product: AnyProduct, missing: Iterable[str] = ()) -> AnyProduct:
    """Return a product with the shop's own paths of its pictures, without those that are missing.

    Parameters:
        product: as it was given.
        missing: addresses of other hosts that could not be fetched.
    """
    left_out = frozenset(missing)
    images = [path_of(each) if is_foreign(each) else each for each in product.images if each not in left_out]
    main = product.image_url if product.image_url not in left_out else None
    return product.model_copy(
        update={"images": images, "image_url": path_of(main) if main and is_foreign(main) else main}
    )


def notes_of_missing(product: ProductInput, missing: Mapping[str, str]) -> list[str]:
    """Return what staff should know of a product's pictures that could not be fetched, in one note for each host.

    Parameters:
        product: as it was given.
        missing: the reason for each address that could not be fetched.
    """
    by_host: dict[tuple[str, str], list[str]] = {}
    for address in filter(missing.__contains__, product.foreign_pictures):
        by_host.setdefault((_host(address), missing[address]), []).append(address)
    # Of a host that does not answer, the same sentence for all products: the command line says it once.
    return [
        f"{f'pictures on {host}' if reason in HOST_REASONS else ', '.join(found)}: left out, {reason}"
        for (host, reason), found in by_host.items()
    ]


def addresses_to_fetch(product: ProductInput, stored: ProductSnapshot | None) -> list[str]:
    """Return the addresses of other hosts among a product's pictures, without those that the stored product has."""
    known = {stored.image_url, *stored.images} if stored else set()
    return [address for address in product.foreign_pictures if path_of(address) not in known]


def fetch_picture(address: str, session: "Session | None" = None) -> Picture:
    """Return a picture from another host.

    Parameters:
        address: where it is.
        session: sends the requests; it refuses hosts whose address is not public.

    Raises PictureNotFetchedError.
    """
    deadline = time.monotonic() + PICTURE_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        _check_address(address)
        response = _get(address, session or guarded_session())
        with response:
            if response.status_code in _REDIRECTS and (target := response.headers.get("Location")):
                address = urljoin(address, target)
                continue
            if response.status_code != 200:
                raise PictureNotFetchedError(f"the host answers {response.status_code}")
            return _read(response, deadline)
    raise PictureNotFetchedError(f"it redirects more than {MAX_REDIRECTS} times")


@cache
def guarded_session() -> "Session":
    """Return a session of requests-hardened, which connects to public addresses only and follows no redirect."""
    # Imported late: it takes longer than all else that the function imports.
    from requests_hardened import Config, Manager

    session: Session = Manager(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(CONNECT_SECONDS, READ_SECONDS),
            user_agent_override="e-com67 catalog import",
        )
    ).get_session()
    # A proxy of the environment would connect in our place, and to anything.
    session.trust_env = False
    return session


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise PictureNotFetchedError("its address cannot be read") from None
    if parts.scheme != "https":
        raise PictureNotFetchedError(f"only https is allowed, and it is {parts.scheme or 'none'}")
    if not parts.hostname or parts.username is not None or port not in (None, 443):
        raise PictureNotFetchedError("its address has a port or a user, or no host")


def _get(address: str, session: "Session") -> "Response":
    import requests
    from requests_hardened.ip_filter import InvalidIPAddress

    try:
        return session.get(address, stream=True, allow_redirects=False, headers={"Accept": ", ".join(SIGNATURES)})
    except InvalidIPAddress:
        raise HostUnreachableError(NOT_PUBLIC) from None
    except requests.Timeout:
        raise HostUnreachableError(SLOW) from None
    except (requests.RequestException, UnicodeError, ValueError):
        raise HostUnreachableError(UNREACHABLE) from None


def _read(response: "Response", deadline: float) -> Picture:
    import requests

    body = bytearray()
    try:
        for chunk in response.iter_content(64 * 1024):
            body += chunk
            if len(body) > MAX_BYTES:
                raise PictureNotFetchedError(f"it has more than {MAX_BYTES // 1024 // 1024} MB")
            if time.monotonic() > deadline:
                raise PictureNotFetchedError(f"it takes more than {PICTURE_SECONDS} s")
    except requests.RequestException:
        raise PictureNotFetchedError("the host ends in the middle of it") from None
    kind = next((name for name, begins in SIGNATURES.items() if begins(bytes(body[:16]))), None)
    if kind is None:
        raise PictureNotFetchedError("it is no JPEG, PNG, GIF, WebP or AVIF")
    return Picture(kind, bytes(body))


class PictureStore:
    """The shop's bucket of pictures.

    Parameters:
        create_client: returns an S3 client. It is called once there are pictures to store, which most requests
            have not: creating the client is a noticeable part of a cold start.
        settings: the name of the bucket.
        fetch: returns a picture, or raises PictureNotFetchedError.
    """

    def __init__(
        self,
        create_client: "Callable[[], S3Client]",
        settings: PictureSettings,
        fetch: Callable[[str], Picture] = fetch_picture,
    ) -> None:
        self._create_client = create_client
        self._bucket = settings.image_bucket
        self._fetch = fetch

    def fetch_all(self, addresses: Sequence[str], seconds: float = BATCH_SECONDS) -> Mapping[str, str]:
        """Fetch pictures and store them, and return the reason for each that is not stored.

        Parameters:
            addresses: of other hosts.
            seconds: after this time no more are waited for; the same import again fetches the rest.
        """
        if not addresses:
            return {}
        # Imported late: most writes have no pictures of other hosts.
        from concurrent.futures import ThreadPoolExecutor, wait

        unreachable: dict[str, str] = {}
        # Before the threads: botocore's session may not create clients in several at once.
        s3 = self._create_client()
        pool = ThreadPoolExecutor(min(CONCURRENT_FETCHES, len(addresses)))
        running = {
            address: pool.submit(self._fetch_one, s3, address, unreachable) for address in dict.fromkeys(addresses)
        }
        done, _ = wait(running.values(), timeout=seconds)
        pool.shutdown(wait=False, cancel_futures=True)
        results = {address: future.result() if future in done else NO_TIME for address, future in running.items()}
        return {address: reason for address, reason in results.items() if reason is not None}

    def _fetch_one(self, s3: "S3Client", address: str, unreachable: dict[str, str]) -> str | None:
        host = _host(address)
        if host in unreachable:
            return unreachable[host]
        try:
            picture = self._fetch(address)
        except HostUnreachableError as error:
            # A host that does not answer would take the time of all other pictures.
            return unreachable.setdefault(host, str(error))
        except PictureNotFetchedError as error:
            return str(error)
        s3.put_object(
            Bucket=self._bucket,
            Key=path_of(address).removeprefix("/"),
            Body=picture.body,
            ContentType=picture.content_type,
            CacheControl=CACHE_CONTROL,
        )
        return None


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return address

"""Signed links to one order: whoever has the link sees the order without signing in, until it expires or is revoked.

A link is a token that names an order, the moment at which it expires, and the order's count of revocations, with a MAC
of these (HMAC-SHA-256). Nothing is stored for a link: each e-mail carries a fresh one. A token that was tampered with,
has expired, or was revoked leads to nothing, exactly as one that was never issued.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

LINK_SECONDS = 180 * 24 * 3600
"""How long a link is valid: longer than an order travels and can be returned."""
MAC_BYTES = 18
"""144 bits: nobody guesses them, and the address stays short enough for a plain-text mail."""
KEY_AGE_SECONDS = 300
"""How long a key is used before it is read again, so that another one takes effect everywhere within minutes."""
SEPARATOR = "\n"
"""Between the parts of what is signed; no order id has it."""


class LinkSettings(Settings):
    """Environment of the functions that sign or verify links: the name of the secret with the key."""

    order_link_secret: str


class InvalidLinkError(LookupError):
    """A token leads to no order: wrong, expired or revoked. Which of them is nobody's business."""


@dataclass(frozen=True, slots=True)
class SignedLink:
    """What a valid token says.

    Attributes:
        order_id: the order.
        revision: how often the order's links had been revoked when it was issued.
    """

    order_id: str
    revision: int


class OrderLinks:
    """Issues and verifies the tokens of links.

    Parameters:
        key: returns the secret key.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, key: Callable[[], bytes], now: Callable[[], float] = time.time) -> None:
        self._key = key
        self._now = now

    def issue(self, order_id: str, revision: int) -> str:
        """Return the token of a new link: letters, digits, ``-`` and ``_``. With a dot, the shop would look for a file.

        Parameters:
            order_id: the order.
            revision: how often its links were revoked so far.
        """
        said = SEPARATOR.join([order_id, str(int(self._now()) + LINK_SECONDS), str(revision)]).encode()
        return _encode(self._mac(said) + said)

    def verify(self, token: str) -> SignedLink:
        """Return what a token says; whether it was revoked, the order knows.

        Raises InvalidLinkError where it was not issued with this key, or has expired.
        """
        try:
            signed = _decode(token)
            mac, said = signed[:MAC_BYTES], signed[MAC_BYTES:]
            if not hmac.compare_digest(mac, self._mac(said)):
                raise InvalidLinkError
            order_id, expires_at, revision = said.decode().split(SEPARATOR)
        except ValueError:
            raise InvalidLinkError from None
        if int(expires_at) <= self._now():
            raise InvalidLinkError
        return SignedLink(order_id=order_id, revision=int(revision))

    def _mac(self, said: bytes) -> bytes:
        return hmac.digest(self._key(), said, hashlib.sha256)[:MAC_BYTES]


class LinkKey:
    """The key of the links, from Secrets Manager. Another one makes every link that was sent invalid.

    Parameters:
        secrets: the Secrets Manager client.
        secret_id: name of the secret.
        now: returns seconds of a clock that never goes back; replaced in tests.
    """

    def __init__(
        self, secrets: "SecretsManagerClient", secret_id: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._secrets = secrets
        self._secret_id = secret_id
        self._now = now
        self._read: tuple[float, bytes] | None = None

    def __call__(self) -> bytes:
        """Return the key, at most KEY_AGE_SECONDS old."""
        if self._read is None or self._now() - self._read[0] >= KEY_AGE_SECONDS:
            secret = self._secrets.get_secret_value(SecretId=self._secret_id)["SecretString"]
            self._read = (self._now(), secret.encode())
        return self._read[1]


def link_path(token: str) -> str:
    """Return the path of the shop's page that a token leads to."""
    return f"/o/{token}"


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """Return the bytes of a text; raises ValueError for one that is not written as `_encode` writes it."""
    value = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encode(value) != text:
        raise ValueError("not canonical")
    return value

"""Signed links by which a person withdraws their consent to mails, without signing in.

A token names the person, with a MAC of that (HMAC-SHA-256). It does not expire: a mail can be opened years later, and
whoever has the link can do nothing with it but end mails. Another key makes all links invalid that were sent.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

MAC_BYTES = 18
MAX_TOKEN_LENGTH = 200
PURPOSE = "cart-reminders\n"
"""Part of what is signed, so that a token of another purpose, should there be one, is none of this."""


class UnsubscribeSettings(Settings):
    """Environment of the functions that sign or verify links: the name of the secret with the key."""

    unsubscribe_secret: str


class InvalidTokenError(LookupError):
    """A token that was not issued with this key."""


class UnsubscribeLinks:
    """Issues and verifies the tokens of links.

    Parameters:
        key: returns the secret key.
    """

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = key

    def issue(self, user_id: str) -> str:
        """Return the token of a person: letters, digits, ``-`` and ``_``; with a dot, it would be taken for a file."""
        return base64.urlsafe_b64encode(self._mac(user_id) + user_id.encode()).rstrip(b"=").decode()

    def verify(self, token: str) -> str:
        """Return the person of a token; raises InvalidTokenError."""
        try:
            signed = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
            user_id = signed[MAC_BYTES:].decode()
        except ValueError:
            raise InvalidTokenError from None
        if not hmac.compare_digest(signed[:MAC_BYTES], self._mac(user_id)):
            raise InvalidTokenError
        return user_id

    def _mac(self, user_id: str) -> bytes:
        return hmac.digest(self._key(), f"{PURPOSE}{user_id}".encode(), hashlib.sha256)[:MAC_BYTES]


def read_key(secrets: "SecretsManagerClient", secret_id: str) -> bytes:
    """Return the key of the links.

    Parameters:
        secrets: the Secrets Manager client.
        secret_id: name of the secret.
    """
    return secrets.get_secret_value(SecretId=secret_id)["SecretString"].encode()

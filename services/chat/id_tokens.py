"""Verifies the ID tokens of the shop's user pool."""

import os
from dataclasses import dataclass
from urllib.parse import urljoin

import jwt

from bus.settings import Settings


class TokenSettings(Settings):
    """Whose tokens count."""

    aws_region: str
    user_pool_id: str
    user_pool_client_id: str

    @property
    def issuer(self) -> str:
        """Return the issuer of the pool's tokens."""
        return f"https://cognito-idp.{self.aws_region}.amazonaws.com/{self.user_pool_id}"

    @property
    def keys_url(self) -> str:
        """Return where the pool's public keys are; on the emulator at its own address."""
        path = f"/{self.user_pool_id}/.well-known/jwks.json"
        return urljoin(os.environ.get("AWS_ENDPOINT_URL", self.issuer), path)


class InvalidTokenError(Exception):
    """A token that is forged, expired, of another pool, or no ID token."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token is of, and until when it counts (seconds since the epoch)."""

    user_id: str
    expires_at: int


class Tokens:
    """The pool's tokens. Its public keys are fetched once, and again for a key that is not among them.

    Parameters:
        settings: whose tokens count.
        keys: where their keys are found.
    """

    def __init__(self, settings: TokenSettings, keys: jwt.PyJWKClient | None = None) -> None:
        self._settings = settings
        self._keys = keys or jwt.PyJWKClient(settings.keys_url, timeout=3)

    def identity(self, token: str) -> Identity:
        """Return who a token is of; raises InvalidTokenError, and jwt.PyJWKClientConnectionError without the keys."""
        try:
            claims = jwt.decode(
                token,
                self._keys.get_signing_key_from_jwt(token).key,
                algorithms=["RS256"],
                audience=self._settings.user_pool_client_id,
                issuer=self._settings.issuer,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.PyJWKClientConnectionError:
            raise
        except (jwt.InvalidTokenError, jwt.PyJWKClientError) as error:
            raise InvalidTokenError(str(error)) from None
        if claims.get("token_use") != "id":
            raise InvalidTokenError("no ID token")
        return Identity(user_id=str(claims["sub"]), expires_at=int(claims["exp"]))

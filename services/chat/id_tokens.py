"""Verifies the ID tokens of the shop's user pool."""

import os
from urllib.parse import urljoin

import jwt

from bus.settings import Settings
from services.chat.token_identity import TokenIdentity


class TokenSettings(Settings):
    """The user pool and its client, whose tokens are accepted."""

    aws_region: str
    user_pool_id: str
    user_pool_client_id: str

    @property
    def issuer(self) -> str:
        """The issuer of the pool's tokens."""
        return f"https://cognito-idp.{self.aws_region}.amazonaws.com/{self.user_pool_id}"

    @property
    def keys_url(self) -> str:
        """The URL of the pool's public keys, which the emulator serves at its own address."""
        path = f"/{self.user_pool_id}/.well-known/jwks.json"
        return urljoin(os.environ.get("AWS_ENDPOINT_URL", self.issuer), path)


class InvalidTokenError(Exception):
    """A token is forged, expired, of another pool, or no ID token."""


class IdTokenVerifier:
    """Verifies ID tokens. The pool's public keys are fetched once, and again for a key that is not among them.

    Parameters:
        settings: the user pool.
        keys: client of the public keys; replaced in tests.
    """

    def __init__(self, settings: TokenSettings, keys: jwt.PyJWKClient | None = None) -> None:
        self._settings = settings
        self._keys = keys or jwt.PyJWKClient(settings.keys_url, timeout=3)

    def verify(self, token: str) -> TokenIdentity:
        """Return the identity that a token proves.

        Raises:
            InvalidTokenError: the token is not valid.
            jwt.PyJWKClientConnectionError: the public keys cannot be fetched.
        """
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
        return TokenIdentity(user_id=str(claims["sub"]), expires_at=int(claims["exp"]))

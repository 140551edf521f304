"""Stripe's keys: read from Secrets Manager, never from the environment, and read again after some minutes."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import ValidationError

from schemas.contract import Contract

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

MAX_AGE_SECONDS = 300
"""How long the old keys are used after a rotation. Stripe can keep a rolled key valid for longer."""


class MissingCredentialsError(RuntimeError):
    """The secret lacks a key, or is not JSON; the text names the secret, never a value."""


class Credentials(Contract):
    """The content of the secret.

    Attributes:
        api_key: Stripe's secret or restricted key.
        webhook_secret: signs the webhook's deliveries.
        api_base: replaces Stripe's own address in the local stage.
    """

    api_key: str
    webhook_secret: str
    api_base: str | None = None


class CredentialsProvider:
    """Reads the secret and caches it.

    Parameters:
        secrets: the Secrets Manager client.
        secret_id: name or ARN of the secret.
        now: returns seconds of a clock that never goes back; replaced in tests.
    """

    def __init__(
        self, secrets: "SecretsManagerClient", secret_id: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._secrets = secrets
        self._secret_id = secret_id
        self._now = now
        self._cached: tuple[float, Credentials] | None = None

    def __call__(self) -> Credentials:
        """Return the credentials, at most MAX_AGE_SECONDS old; raises MissingCredentialsError."""
        if self._cached is None or self._now() - self._cached[0] >= MAX_AGE_SECONDS:
            self._cached = (self._now(), self._read())
        return self._cached[1]

    def _read(self) -> Credentials:
        text = self._secrets.get_secret_value(SecretId=self._secret_id)["SecretString"]
        try:
            credentials = Credentials.model_validate_json(text, extra="ignore")
        except ValidationError:
            credentials = None
        if credentials is None or not (credentials.api_key and credentials.webhook_secret):
            raise MissingCredentialsError(
                f'{self._secret_id} must be {{"apiKey": "…", "webhookSecret": "…"}}'
            ) from None
        return credentials

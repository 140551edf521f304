"""Idempotency keys: a stored response for each key."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ecom67.local.standins.stripe.responses import ApiError, ApiResponse, error_response
from ecom67.local.standins.stripe.store import ObjectStore

_MAX_KEY_LENGTH = 255


@dataclass(frozen=True)
class IdempotencyKey:
    """An idempotency key with the identity of its call.

    Attributes:
        account: digest of the API key, since different accounts may use the same key.
        value: the `Idempotency-Key` header.
        fingerprint: digest of method, path and body.
    """

    account: str
    value: str
    fingerprint: str

    @classmethod
    def of(cls, api_key: str, value: str, call: bytes) -> "IdempotencyKey":
        """Return the key of a call, given the header and the bytes that identify the call.

        Raises:
            ApiError: the header is longer than 255 characters.
        """
        if len(value) > _MAX_KEY_LENGTH:
            message = f"An idempotency key has at most {_MAX_KEY_LENGTH} characters."
            raise ApiError(error_response(400, "idempotency_error", message), executed=False)
        return cls(hashlib.sha256(api_key.encode()).hexdigest(), value, hashlib.sha256(call).hexdigest())


@dataclass(frozen=True)
class StoredResponse:
    """The response of an earlier call, and its request id."""

    response: ApiResponse
    request: str


class IdempotencyCache:
    """The stored responses, and the keys of running calls.

    Running keys are in memory only: a call that was interrupted by a crash has changed nothing, so its key is free.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._running: dict[tuple[str, str], str] = {}

    def find(self, key: IdempotencyKey) -> StoredResponse | None:
        """Return the stored response; None where the call is new.

        Raises:
            ApiError: the key was used for a different call.
        """
        query = "SELECT fingerprint, request, status, body FROM answers WHERE account = ? AND key = ?"
        row = self._store.connection.execute(query, (key.account, key.value)).fetchone()
        if row is None:
            return None
        fingerprint, request, status, body = row
        _require_same_call(key, fingerprint)
        return StoredResponse(ApiResponse(status, json.loads(body)), request)

    @contextmanager
    def claim(self, key: IdempotencyKey) -> Iterator[None]:
        """Lock a key while its call runs.

        Raises:
            ApiError: a call with this key is running (409), or a different call with this key (400).
        """
        name = (key.account, key.value)
        running = self._running.get(name)
        if running is not None:
            _require_same_call(key, running)
            message = f"Another request with the idempotency key '{key.value}' is still running."
            response = error_response(409, "idempotency_error", message, code="idempotency_key_in_use")
            raise ApiError(response, executed=False)
        self._running[name] = key.fingerprint
        try:
            yield
        finally:
            del self._running[name]

    def store(self, key: IdempotencyKey, response: ApiResponse, request: str) -> None:
        """Store a response, within the transaction of the call."""
        self._store.connection.execute(
            "INSERT INTO answers (account, key, fingerprint, request, status, body) VALUES (?, ?, ?, ?, ?, ?)",
            (key.account, key.value, key.fingerprint, request, response.status, json.dumps(response.body)),
        )


def _require_same_call(key: IdempotencyKey, fingerprint: str) -> None:
    if fingerprint != key.fingerprint:
        message = f"The idempotency key '{key.value}' was first used for a call with other parameters or another path."
        raise ApiError(error_response(400, "idempotency_error", message), executed=False)

"""Idempotency keys: one key, one answer."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ecom67.local.standins.stripe.answers import Answer, RefusedError, error
from ecom67.local.standins.stripe.store import Store

_LONGEST_KEY = 255


@dataclass(frozen=True)
class Key:
    """The identity of a call.

    Parameters:
        account: a digest of the API key, since two accounts may choose the same words.
        value: the `Idempotency-Key` header.
        fingerprint: a digest of method, path and body.
    """

    account: str
    value: str
    fingerprint: str

    @classmethod
    def of(cls, api_key: str, value: str, call: bytes) -> "Key":
        """Make a key from the header and from the bytes that identify the call.

        Raises:
            RefusedError: the header is longer than 255 characters.
        """
        if len(value) > _LONGEST_KEY:
            message = f"An idempotency key has at most {_LONGEST_KEY} characters."
            raise RefusedError(error(400, "idempotency_error", message), executed=False)
        return cls(hashlib.sha256(api_key.encode()).hexdigest(), value, hashlib.sha256(call).hexdigest())


@dataclass(frozen=True)
class Kept:
    """An answer that was given before, and the id of the request that it answered."""

    answer: Answer
    request: str


class Answers:
    """The remembered answers, and the keys whose first call still runs.

    Running keys live in memory only: a call that a crash cut off has left nothing behind, so its key is free again.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: dict[tuple[str, str], str] = {}

    def find(self, key: Key) -> Kept | None:
        """Give the remembered answer, or None where the call is new.

        Raises:
            RefusedError: the key was first used for another call.
        """
        query = "SELECT fingerprint, request, status, body FROM answers WHERE account = ? AND key = ?"
        row = self._store.connection.execute(query, (key.account, key.value)).fetchone()
        if row is None:
            return None
        fingerprint, request, status, body = row
        _require_same_call(key, fingerprint)
        return Kept(Answer(status, json.loads(body)), request)

    @contextmanager
    def claim(self, key: Key) -> Iterator[None]:
        """Hold a key while its call runs.

        Raises:
            RefusedError: another call with this key runs now (409), or it runs with other parameters (400).
        """
        name = (key.account, key.value)
        running = self._running.get(name)
        if running is not None:
            _require_same_call(key, running)
            message = f"Another request with the idempotency key '{key.value}' is still running."
            answer = error(409, "idempotency_error", message, code="idempotency_key_in_use")
            raise RefusedError(answer, executed=False)
        self._running[name] = key.fingerprint
        try:
            yield
        finally:
            del self._running[name]

    def keep(self, key: Key, answer: Answer, request: str) -> None:
        """Remember an answer; call it inside the transaction that made the answer true."""
        self._store.connection.execute(
            "INSERT INTO answers (account, key, fingerprint, request, status, body) VALUES (?, ?, ?, ?, ?, ?)",
            (key.account, key.value, key.fingerprint, request, answer.status, json.dumps(answer.body)),
        )


def _require_same_call(key: Key, fingerprint: str) -> None:
    if fingerprint != key.fingerprint:
        message = f"The idempotency key '{key.value}' was first used for a call with other parameters or another path."
        raise RefusedError(error(400, "idempotency_error", message), executed=False)

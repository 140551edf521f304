"""Who is on a connection, as the authorizer has found at its beginning."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Caller:
    """A shopper, or a visitor without an account.

    Attributes:
        user_id: of a shopper; None of a visitor.
        address: a digest of where a visitor comes from, by which they are limited.
        expires_at: seconds since the epoch until which the token counts; None of a visitor.
    """

    user_id: str | None
    address: str
    expires_at: int | None = None

    @classmethod
    def of(cls, request_context: Mapping[str, Any]) -> "Caller":
        """Return who calls, by the request context of the WebSocket API."""
        found = request_context.get("authorizer") or {}
        source = (request_context.get("identity") or {}).get("sourceIp", "")
        return cls(
            user_id=found.get("userId") or None,
            address=hashlib.sha256(source.encode()).hexdigest()[:32],
            expires_at=int(found["expiresAt"]) if found.get("expiresAt") else None,
        )

    @property
    def allowance_id(self) -> str:
        """By whom questions and tokens are counted."""
        return self.user_id or f"visitor#{self.address}"

    def has_expired(self, now: float | None = None) -> bool:
        """Say whether the token that opened the connection counts no longer."""
        return self.expires_at is not None and (time.time() if now is None else now) >= self.expires_at

    def history_id(self, conversation_id: str) -> str:
        """Return under which key a conversation is kept: the shopper's, or its own where nobody is signed in."""
        return self.user_id or f"visitor#{conversation_id}"

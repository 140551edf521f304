"""The user of a connection, as the authorizer identified them when it was opened."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ChatUser:
    """A signed-in shopper, or a visitor.

    Attributes:
        user_id: id of a shopper; None of a visitor.
        address: digest of the IP address, by which the quotas of visitors are counted.
        expires_at: expiry of the shopper's token in seconds since the epoch; None of a visitor.
    """

    user_id: str | None
    address: str
    expires_at: int | None = None

    @classmethod
    def from_request_context(cls, request_context: Mapping[str, Any]) -> "ChatUser":
        """Return the user of a request.

        Parameters:
            request_context: ``requestContext`` of the WebSocket API's event.
        """
        authorized = request_context.get("authorizer") or {}
        source = (request_context.get("identity") or {}).get("sourceIp", "")
        return cls(
            user_id=authorized.get("userId") or None,
            address=hashlib.sha256(source.encode()).hexdigest()[:32],
            expires_at=int(authorized["expiresAt"]) if authorized.get("expiresAt") else None,
        )

    @property
    def quota_id(self) -> str:
        """The id under which questions and tokens are counted."""
        return self.user_id or f"visitor#{self.address}"

    def has_expired(self, now: float | None = None) -> bool:
        """Return whether the token that opened the connection has expired.

        Parameters:
            now: the time in seconds since the epoch; the current time by default.
        """
        return self.expires_at is not None and (time.time() if now is None else now) >= self.expires_at

    def history_id(self, conversation_id: str) -> str:
        """Return the key of a conversation in ChatHistory: the shopper's id, or that of a visitor's conversation."""
        return self.user_id or f"visitor#{conversation_id}"

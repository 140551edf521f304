"""What an ID token proves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenIdentity:
    """The identity that a token proves.

    Attributes:
        user_id: id of the user.
        expires_at: expiry of the token in seconds since the epoch.
    """

    user_id: str
    expires_at: int

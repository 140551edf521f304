"""A shopper's profile and addresses, and the rules that they obey."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.commands import ShippingAddress, Text
from schemas.contract import Contract

MAX_ADDRESSES = 20
MAX_NAME = 100

Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+[1-9][0-9]{6,14}$")]
"""E.164: ``+`` and up to 15 digits."""


class UnknownProfileError(Exception):
    """Nobody has registered this person yet: an account that staff made fires no trigger."""


class ErasedError(Exception):
    """This person asked for erasure; nothing of them comes back."""


class UnknownAddressError(Exception):
    """The person has no such address."""


class TooManyAddressesError(Exception):
    """The person has MAX_ADDRESSES already."""


class Details(Contract):
    """What a person says of themselves. The e-mail address is not here: it stays in Cognito alone."""

    name: Text | None = None
    phone: Phone | None = None
    marketing_opt_in: bool = Field(default=False, description="Whether they want to hear of more than their orders.")


@dataclass(frozen=True, slots=True)
class Profile:
    """All that identity keeps of a person."""

    user_id: str
    registered_at: datetime
    details: Details = field(default_factory=Details)
    addresses: dict[str, ShippingAddress] = field(default_factory=dict)
    chosen_address_id: str | None = None

    @property
    def default_address_id(self) -> str | None:
        """The address that checkout offers first: the chosen one, or else the oldest there is.

        Ids of addresses grow with the time at which they were made.
        """
        if self.chosen_address_id in self.addresses:
            return self.chosen_address_id
        return min(self.addresses, default=None)


def name_from_sign_up(name: str | None) -> str | None:
    """Return the name that somebody gave when signing up as a profile takes it."""
    printable = "".join(character if character.isprintable() else " " for character in name or "")
    shortened = " ".join(printable.split())[:MAX_NAME].rstrip()
    return shortened or None

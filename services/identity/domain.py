"""Profiles and addresses of shoppers, and their rules."""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.commands import Phone, ShippingAddress, Text
from schemas.contract import Contract, Timestamp

MAX_ADDRESSES = 20
MAX_NAME = 100
"""Characters of a name."""


class UnknownProfileError(Exception):
    """There is no profile yet: an account that staff created fires no trigger, its first visit registers it."""


class AccountErasedError(Exception):
    """The account was erased at its owner's request, and must not be registered again."""


class UnknownAddressError(Exception):
    """The profile has no such address."""


class TooManyAddressesError(Exception):
    """The profile has MAX_ADDRESSES already."""


class Details(Contract):
    """What a person says of themselves. The e-mail address is not here: it stays in Cognito alone."""

    name: Text | None = None
    phone: Phone | None = None


class Consent(Contract):
    """Whether a person agreed to something, and since when: who relies on it has to prove it."""

    agreed: bool
    at: Timestamp


@dataclass(frozen=True, slots=True)
class Profile:
    """All that identity stores of a person.

    Attributes:
        user_id: Cognito's ``sub``.
        registered_at: time of the registration.
        details: name and phone.
        addresses: by address id.
        chosen_address_id: the address that was last made the default; it may have been removed since.
        cart_reminders: what they last said of reminders of a cart; None where they never did.
    """

    user_id: str
    registered_at: datetime
    details: Details = field(default_factory=Details)
    addresses: dict[str, ShippingAddress] = field(default_factory=dict)
    chosen_address_id: str | None = None
    cart_reminders: Consent | None = None

    @property
    def wants_cart_reminders(self) -> bool:
        """Whether they agreed to be reminded of a cart; nobody is unless they did."""
        return self.cart_reminders is not None and self.cart_reminders.agreed

    @property
    def default_address_id(self) -> str | None:
        """The address that checkout offers first: the chosen one, or else the oldest.

        Address ids are ordered by the time of their creation.
        """
        if self.chosen_address_id in self.addresses:
            return self.chosen_address_id
        return min(self.addresses, default=None)


def normalize_name(name: str | None) -> str | None:
    """Return the name given at sign-up in the form that a profile accepts.

    Unprintable characters become spaces, runs of spaces one space, and MAX_NAME characters are kept.
    Returns None if nothing is left.
    """
    printable = "".join(character if character.isprintable() else " " for character in name or "")
    shortened = " ".join(printable.split())[:MAX_NAME].rstrip()
    return shortened or None

"""Request and response models of the identity routes."""

from typing import Any, Literal

from pydantic import Field

from schemas.commands import Phone, ShippingAddress, Text
from schemas.contract import Contract, Identifier, Timestamp
from services.identity.domain import Profile
from services.identity.staff_actions import StaffAction
from services.identity.user_pool import Account


class ProfileView(Contract):
    """A person, with the e-mail address that their token carries."""

    user_id: str
    email: str | None = None
    name: Text | None = None
    phone: Phone | None = None
    registered_at: Timestamp
    cart_reminders: bool = Field(default=False, description="Whether they agreed to be reminded of a cart by e-mail.")

    @classmethod
    def of(cls, profile: Profile, email: str | None) -> "ProfileView":
        """Return the view of a profile."""
        return cls(
            user_id=profile.user_id,
            email=email,
            registered_at=profile.registered_at,
            cart_reminders=profile.wants_cart_reminders,
            **profile.details.model_dump(),
        )


class Consents(Contract):
    """What a person agrees to. Nothing is agreed to by default."""

    cart_reminders: bool = Field(strict=True, description="To be reminded of a cart that they left, by e-mail.")


class AddressRequest(ShippingAddress):
    """An address to keep, and whether checkout is to offer it first."""

    is_default: bool = False

    @property
    def address(self) -> ShippingAddress:
        """The address alone."""
        return ShippingAddress(**self.model_dump(exclude={"is_default"}))


class AddressView(AddressRequest):
    """An address that is kept."""

    address_id: str

    @classmethod
    def of(cls, profile: Profile, address_id: str) -> "AddressView":
        """Return the view of one address of a profile; raises KeyError if it has no such address."""
        return cls(
            address_id=address_id,
            is_default=address_id == profile.default_address_id,
            **profile.addresses[address_id].model_dump(),
        )


class AddressList(Contract):
    """All addresses of a person, the oldest first. There are 20 at the most, so there are no pages."""

    items: list[AddressView]

    @classmethod
    def of(cls, profile: Profile) -> "AddressList":
        """Return the view of a profile's addresses."""
        return cls(items=[AddressView.of(profile, address_id) for address_id in profile.addresses])


class ExportView(Contract):
    """All that the shop stores of a person: their profile, their addresses, and what each other service keeps."""

    exported_at: Timestamp
    profile: ProfileView
    addresses: list[AddressView]
    services: dict[str, Any]


class ExportFileView(Contract):
    """An export that is too large for an answer, as a file."""

    export_id: Identifier
    status: Literal["PREPARING", "READY"]
    expires_at: Timestamp | None = None
    url: str | None = Field(default=None, description="Of the file, valid for minutes; once it is ready.")


class CustomerSummary(Contract):
    """An account in a list of staff."""

    user_id: str
    email: str | None = None
    name: str | None = None
    created_at: Timestamp

    @classmethod
    def of(cls, account: Account) -> "CustomerSummary":
        """Return the view of an account."""
        return cls(user_id=account.user_id, email=account.email, name=account.name, created_at=account.created_at)


class CustomerPage(Contract):
    """A page of accounts, in the order of the user pool."""

    items: list[CustomerSummary]
    next_cursor: str | None = None


class CustomerView(Contract):
    """A customer as staff sees them. An erased one has neither name nor address, and the trail is left."""

    user_id: str
    status: Literal["ACTIVE", "ERASED"]
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    registered_at: Timestamp | None = None
    actions: list[StaffAction] = Field(description="What staff asked for about them, the newest first.")

    @classmethod
    def of(cls, account: Account, profile: Profile | None, actions: list[StaffAction]) -> "CustomerView":
        """Return the view of an account and its profile, which an account has once it has visited the shop."""
        return cls(
            user_id=account.user_id,
            status="ACTIVE",
            email=account.email,
            name=(profile and profile.details.name) or account.name,
            phone=profile.details.phone if profile else None,
            registered_at=profile.registered_at if profile else account.created_at,
            actions=actions,
        )

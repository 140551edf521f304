"""Commands of identity: ``cart-reminder-consent`` says whether a person wants to be reminded of a cart."""

from typing import Literal

from bus.command import command
from schemas.contract import Contract, Identifier
from services.identity.dependencies import store, unsubscribe_links
from services.identity.domain import AccountErasedError, UnknownProfileError


class ConsentInput(Contract):
    """The person."""

    user_id: Identifier


class AgreedOutcome(Contract):
    """They agreed, and may take that back by the token."""

    outcome: Literal["AGREED"] = "AGREED"
    unsubscribe_token: str


class NotAgreedOutcome(Contract):
    """They never agreed, have taken it back, or are gone."""

    outcome: Literal["NOT_AGREED"] = "NOT_AGREED"


def _cart_reminder_consent(given: ConsentInput) -> AgreedOutcome | NotAgreedOutcome:
    try:
        profile = store().get(given.user_id)
    except (UnknownProfileError, AccountErasedError):
        return NotAgreedOutcome()
    if not profile.wants_cart_reminders:
        return NotAgreedOutcome()
    return AgreedOutcome(unsubscribe_token=unsubscribe_links().issue(given.user_id))


cart_reminder_consent = command(_cart_reminder_consent, ConsentInput)

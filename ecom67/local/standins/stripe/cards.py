"""Stripe's test cards and their behaviour."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Decline:
    """A decline by the issuer: Stripe's error `code`, its `decline_code`, and a message for the shopper."""

    code: str
    decline_code: str
    message: str


@dataclass(frozen=True)
class SimulatedCard:
    """A test card.

    Attributes:
        number: the card number.
        aliases: ids of its predefined payment methods, such as `pm_card_visa`.
        brand: `visa`, `mastercard` or `amex`.
        authenticates: whether the bank requires 3-D Secure.
        decline: why a charge fails; None where it succeeds.
    """

    number: str
    aliases: tuple[str, ...]
    brand: str = "visa"
    authenticates: bool = False
    decline: Decline | None = None

    @property
    def fingerprint(self) -> str:
        """The fingerprint of all payment methods with this card number."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]


AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "The card was declined: the bank wants the shopper to authenticate this payment.",
)
GENERIC = Decline("card_declined", "generic_decline", "The card was declined.")
UNKNOWN_CARD = Decline("card_declined", "test_mode_live_card", "The card was declined: only test cards work here.")


def _declining(number: str, reason: str, decline: Decline) -> SimulatedCard:
    return SimulatedCard(number, (f"pm_card_visa_{reason}", f"pm_card_{reason}"), decline=decline)


CARDS = (
    SimulatedCard("4242424242424242", ("pm_card_visa", "pm_card_us")),
    SimulatedCard("5555555555554444", ("pm_card_mastercard",), brand="mastercard"),
    SimulatedCard("378282246310005", ("pm_card_amex",), brand="amex"),
    _declining("4000000000000002", "chargeDeclined", GENERIC),
    _declining(
        "4000000000009995",
        "chargeDeclinedInsufficientFunds",
        Decline("card_declined", "insufficient_funds", "The card has too little money for this payment."),
    ),
    _declining(
        "4000000000009987",
        "chargeDeclinedLostCard",
        Decline("card_declined", "lost_card", "The card was declined."),
    ),
    _declining(
        "4000000000009979",
        "chargeDeclinedStolenCard",
        Decline("card_declined", "stolen_card", "The card was declined."),
    ),
    _declining(
        "4000000000000069",
        "chargeDeclinedExpiredCard",
        Decline("expired_card", "expired_card", "The card has expired."),
    ),
    _declining(
        "4000000000000127",
        "chargeDeclinedIncorrectCvc",
        Decline("incorrect_cvc", "incorrect_cvc", "The card's security code is wrong."),
    ),
    _declining(
        "4000000000000119",
        "chargeDeclinedProcessingError",
        Decline("processing_error", "processing_error", "The card could not be processed; trying again may help."),
    ),
    SimulatedCard("4000002760003184", ("pm_card_authenticationRequired",), authenticates=True),
    SimulatedCard("4000000000003220", ("pm_card_threeDSecure2Required",), authenticates=True),
    SimulatedCard("4000000000003063", ("pm_card_threeDSecureRequired",), authenticates=True),
    SimulatedCard(
        "4000008400001629",
        ("pm_card_threeDSecureRequiredChargeDeclined",),
        authenticates=True,
        decline=GENERIC,
    ),
)

_BY_ALIAS = {alias: card for card in CARDS for alias in card.aliases}
_BY_NUMBER = {card.number: card for card in CARDS}
_BY_FINGERPRINT = {card.fingerprint: card for card in CARDS}


def by_alias(alias: str) -> SimulatedCard | None:
    """Return the card of a predefined payment method id, or None."""
    return _BY_ALIAS.get(alias)


def by_number(number: str) -> SimulatedCard | None:
    """Return the test card with a number (digits only), or None."""
    return _BY_NUMBER.get(number)


def by_fingerprint(fingerprint: str) -> SimulatedCard:
    """Return the card of a stored payment method.

    Raises:
        KeyError: no test card has this fingerprint.
    """
    return _BY_FINGERPRINT[fingerprint]


def is_plausible(number: str) -> bool:
    """Return whether a number has 12 to 19 digits with a valid Luhn check digit."""
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0

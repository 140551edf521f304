"""Decline codes: which ones may leave this service, and the message that a shopper reads for each.

The codes are Stripe's: https://docs.stripe.com/declines/codes. A few of Stripe's error codes and two of the shop's own
stand beside them.
"""

INVALID_PAYMENT_METHOD = "invalid_payment_method"
AUTHENTICATION_FAILED = "payment_intent_authentication_failure"
GENERIC_DECLINE = "generic_decline"
CANCELLED = "payment_cancelled"

CONFIDENTIAL = frozenset(
    {"fraudulent", "highest_risk_level", "lost_card", "merchant_blacklist", "pickup_card", "restricted_card",
     "security_violation", "stolen_card", "stop_payment_order"}
)  # fmt: skip
"""Reasons that stay between bank and shop, as Stripe advises: the person at the keyboard may be a thief."""

_CHECK = "Please check it and try again. Your card was not charged."
_OTHER_CARD = "Please pay with another card. Your card was not charged."

MESSAGES = {
    "authentication_required": "Your bank wants you to approve this payment. Please try again and approve it.",
    AUTHENTICATION_FAILED: "Your bank could not confirm that it was you. Please try again or pay with another card.",
    "amount_too_large": "This order is too large to be paid at once. Please split it into several.",
    "amount_too_small": "This order is too small to be paid by card. Please add something to your cart.",
    "card_not_supported": f"Your card cannot be used for this kind of purchase. {_OTHER_CARD}",
    "card_velocity_exceeded": f"Your card has reached its limit. {_OTHER_CARD}",
    "currency_not_supported": f"Your card cannot be charged in this currency. {_OTHER_CARD}",
    "expired_card": f"Your card has expired. {_OTHER_CARD}",
    "incorrect_address": f"The billing address does not match your card. {_CHECK}",
    "incorrect_cvc": f"The security code is not right. {_CHECK}",
    "incorrect_number": f"The card number is not right. {_CHECK}",
    "incorrect_zip": f"The postal code does not match your card. {_CHECK}",
    "insufficient_funds": f"There is not enough money on your card. {_OTHER_CARD}",
    "invalid_cvc": f"The security code is not right. {_CHECK}",
    "invalid_expiry_month": f"The expiry date is not right. {_CHECK}",
    "invalid_expiry_year": f"The expiry date is not right. {_CHECK}",
    "invalid_number": f"The card number is not right. {_CHECK}",
    INVALID_PAYMENT_METHOD: "These card details can no longer be used. Please enter your card again.",
    "issuer_not_available": "Your bank cannot be reached just now. Please try again in a few minutes.",
    CANCELLED: "This payment was cancelled. Please place the order again.",
    "processing_error": "Your card could not be processed just now. Please try again in a few minutes.",
    "withdrawal_count_limit_exceeded": f"Your card has reached its limit. {_OTHER_CARD}",
}  # fmt: skip

DEFAULT_MESSAGE = "Your bank declined the payment and did not say why. Please pay with another card or ask your bank."


def public_code(decline_code: str) -> str:
    """Return the code that may leave this service: ``generic_decline`` in place of a confidential one."""
    return GENERIC_DECLINE if decline_code in CONFIDENTIAL else decline_code


def message_for(decline_code: str) -> str:
    """Return the message for the shopper; the same one for every confidential or unknown code."""
    return MESSAGES.get(public_code(decline_code), DEFAULT_MESSAGE)

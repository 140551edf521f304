"""Why money goes back: a closed list of codes. Free text of staff never leaves the order that it is about."""

from collections.abc import Mapping
from typing import Literal

StaffRefundReason = Literal[
    "RETURNED", "WITHDRAWN", "DAMAGED", "WRONG_ITEM", "NOT_RECEIVED", "PRICE_ADJUSTMENT", "GOODWILL", "OTHER"
]
"""The reasons that staff may give."""

RefundReason = Literal[StaffRefundReason, "ORDER_CANCELLED", "CHECKOUT_FAILED", "DASHBOARD"]
"""All reasons: those of staff, and those of the shop itself. DASHBOARD is a refund that staff made at Stripe."""

REASON_SENTENCES: Mapping[RefundReason, str] = {
    "RETURNED": "The goods came back.",
    "WITHDRAWN": "The shopper withdrew from the contract.",
    "DAMAGED": "The goods were damaged.",
    "WRONG_ITEM": "Something else was sent.",
    "NOT_RECEIVED": "The parcel did not arrive.",
    "PRICE_ADJUSTMENT": "The price was corrected.",
    "GOODWILL": "A gesture of goodwill.",
    "OTHER": "Another reason.",
    "ORDER_CANCELLED": "The order was cancelled.",
    "CHECKOUT_FAILED": "The order could not be placed.",
    "DASHBOARD": "Refunded in Stripe's dashboard.",
}
"""What stands for a code where a text is wanted."""

_CODES: Mapping[str, RefundReason] = {
    **{code: code for code in REASON_SENTENCES},
    **{sentence: code for code, sentence in REASON_SENTENCES.items()},
}


def refund_reason_of(text: str) -> RefundReason:
    """Return the code of a code or a sentence; OTHER for any other text, such as an earlier version has stored.

    Parameters:
        text: what was given as the reason.
    """
    return _CODES.get(text, "OTHER")

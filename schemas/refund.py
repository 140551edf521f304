"""Why money goes back: a closed list of codes. Free text of staff never leaves the order that it is about."""

from typing import Literal

StaffRefundReason = Literal[
    "RETURNED", "WITHDRAWN", "DAMAGED", "WRONG_ITEM", "NOT_RECEIVED", "PRICE_ADJUSTMENT", "GOODWILL", "OTHER"
]
"""The reasons that staff may give."""

"""Events of the returns service."""

from typing import Literal

from pydantic import Field

from schemas.contract import Contract, Count, Identifier, Line, Money, Timestamp
from schemas.event import Event

ReturnReason = Literal["WITHDRAWN", "RETURNED"]
"""Why goods come back: the shopper withdrew within the time of the law, or returned them within the shop's own."""

WithdrawalOutcome = Literal["CANCELLED", "RETURN_OPENED", "NOTHING_LEFT", "TOO_LATE"]
"""What a withdrawal led to: nothing had been sent, goods have to come back, all of it was done before, too late."""


class WithdrawalReceived(Event, aggregate="withdrawal_id"):
    """A shopper has confirmed that they withdraw from the contract, or from a part of it, and gets a receipt."""

    withdrawal_id: Identifier
    order_id: Identifier
    user_id: Identifier
    outcome: WithdrawalOutcome
    lines: list[Line] = Field(description="What it is about: the units that are given up.")
    unsent: list[Line] | None = Field(
        default=None, description="What is given up as well and was not sent yet: it is refunded instead."
    )
    return_id: Identifier | None = Field(default=None, description="The return that it has opened.")
    received_at: Timestamp = Field(description="When the shopper confirmed it: what counts for the time of the law.")


class ReceivedUnits(Contract):
    """Units of a bought product that came back."""

    product_id: Identifier
    restocked: Count = Field(description="Units that can be sold again.")
    written_off: Count = Field(description="Units that cannot.")


class ReturnReceived(Event, aggregate="return_id"):
    """Goods came back: some of them go on the shelf again, and the money for all of them to the card."""

    return_id: Identifier
    order_id: Identifier
    user_id: Identifier
    lines: list[ReceivedUnits] = Field(min_length=1)
    refund: Money = Field(description="The goods and, where all of an order was withdrawn, its delivery.")
    delivery: Money | None = Field(
        default=None, description="What of the refund is for delivery, with its tax; absent where nothing is."
    )
    reason: ReturnReason
    received_at: Timestamp


class ReturnRefunded(
    Event,
    aggregate="return_id",
    no_subscriber_reason="Closes the tree of a return: the journal shows when its money was back.",
):
    """The money for what came back is on its way to the card."""

    return_id: Identifier
    order_id: Identifier
    user_id: Identifier
    amount: Money
    refunded_at: Timestamp

"""Events of the checkout service."""

from typing import Literal

from pydantic import Field

from schemas.contract import Identifier, Money
from schemas.event import Event

FailureReason = Literal["EMPTY_CART", "PRICE_CHANGED", "UNAVAILABLE", "OUT_OF_STOCK", "DECLINED", "FAULT"]


class CheckoutCompleted(
    Event,
    aggregate="order_id",
    no_subscriber_reason="The order queue tells orders; this tells whoever measures how checkouts end.",
):
    """A shopper paid, and the order is on its way to the orders service."""

    order_id: Identifier
    user_id: Identifier
    total: Money


class CheckoutFailed(Event, aggregate="order_id"):
    """A checkout ended without an order. Nothing is charged, or it was given back."""

    order_id: Identifier
    user_id: Identifier
    reason: FailureReason
    message: str | None = Field(default=None, description="The sentence that the shopper reads of it.")
    answered: bool = Field(
        default=True,
        description="Whether a request of the shopper got this outcome. Where none did, an e-mail tells them.",
    )

"""Commands that one service sends to another. They may carry personal data; events may not."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.contract import Contract, Identifier, Line, Money, Timestamp
from schemas.country import Country
from schemas.text import ONE_LINE

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), ONE_LINE]


class ShippingAddress(Contract):
    """Where a parcel goes."""

    name: Text
    line1: Text
    line2: Text | None = None
    city: Text
    postal_code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16), ONE_LINE]
    country: Country


class PlaceOrder(Contract):
    """A shopper has paid: put the order. Sent by checkout to the queue of orders."""

    order_id: Identifier
    user_id: Identifier
    lines: list[Line] = Field(min_length=1)
    subtotal: Money
    shipping: Money
    total: Money
    shipping_address: ShippingAddress
    payment_intent_id: Identifier


class ExportInput(Contract):
    """A person wants to see what is stored of them. Identity asks every service that publishes ``export-arn``.

    The service answers with a page; while there are more, ``nextCursor`` in it is the cursor of the next one.
    """

    user_id: Identifier
    cursor: str | None = None


class ReturnableOrder(Contract):
    """What returns has to know of an order: asked of orders, which answers for the shopper or for a signed link.

    Attributes:
        is_cancelled: whether it will not be sent, or not any more: its money is back or on its way.
        delivered_at: when all of it had arrived; None before.
    """

    order_id: Identifier
    user_id: Identifier
    order_number: str
    lines: list[Line] = Field(min_length=1)
    shipping: Money
    total: Money
    is_cancelled: bool
    placed_at: Timestamp
    delivered_at: Timestamp | None = None

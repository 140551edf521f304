"""Commands that one service sends to another through a queue. They may carry personal data; events may not."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.contract import Contract, Identifier, Line, Money

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class ShippingAddress(Contract):
    """Where a parcel goes."""

    name: Text
    line1: Text
    line2: Text | None = None
    city: Text
    postal_code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
    country: str = Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")


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

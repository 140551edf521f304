"""Commands that one service sends to another. They may carry personal data; events may not."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.contract import Contract, Day, Identifier, Line, Money, Timestamp
from schemas.country import Country
from schemas.tax import OrderTax
from schemas.text import ONE_LINE

Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+[1-9][0-9]{6,14}$")]
"""E.164: ``+`` and up to 15 digits."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), ONE_LINE]


EmailAddress = Annotated[str, StringConstraints(min_length=1, max_length=2048), ONE_LINE]
"""An e-mail address as Cognito has verified it, and no longer than Cognito takes."""


class ShippingAddress(Contract):
    """Where a parcel goes.

    What an address needs differs by country: ``delivery/addresses.py`` judges it where one is entered. Those that are
    stored from before have no region.
    """

    name: Text
    line1: Text
    line2: Text | None = None
    city: Text | None = Field(default=None, description="Not in countries that are one city.")
    region: Text | None = Field(default=None, description="State, province or emirate, by its code where it has one.")
    postal_code: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16), ONE_LINE] | None
    ) = Field(default=None, description="Only in countries that have them.")
    country: Country
    phone: Phone | None = Field(default=None, description="For the carrier.")


class ChosenDelivery(Contract):
    """The way in which an order is delivered, as it was promised.

    Attributes:
        method: its id in the settings of delivery.
        label: as the shopper read it.
        earliest, latest: the days between which it arrives, in the time zone of the warehouse.
        standard_price: what the least expensive way would have cost; None in what was stored before that was known.
    """

    method: Identifier
    label: str
    earliest: Day
    latest: Day
    standard_price: Money | None = Field(
        default=None, description="What the least expensive way would have cost: who withdraws gets no more of it back."
    )


class PlaceOrder(Contract):
    """A shopper has paid: put the order. Sent by checkout to the queue of orders."""

    order_id: Identifier
    user_id: Identifier
    lines: list[Line] = Field(min_length=1)
    subtotal: Money
    shipping: Money
    total: Money
    shipping_address: ShippingAddress
    delivery: ChosenDelivery | None = None
    tax: OrderTax | None = None
    email: EmailAddress | None = None
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
        tax: with which units and delivery are paid back; None where none was collected.
        shipping: what was paid for its delivery.
        standard_shipping: what the least expensive delivery would have cost; None where that is not known.
        is_cancelled: whether it will not be sent, or not any more: its money is back or on its way.
        withdrawn_unsent: units that were refunded instead of being sent, since its shopper withdrew from all of it.
        delivered_at: when all of it had arrived; None before.
    """

    order_id: Identifier
    user_id: Identifier
    order_number: str
    lines: list[Line] = Field(min_length=1)
    shipping: Money
    tax: OrderTax | None = None
    standard_shipping: Money | None = None
    total: Money
    is_cancelled: bool
    withdrawn_unsent: list[Line] = []
    placed_at: Timestamp
    delivered_at: Timestamp | None = None

"""Events of the orders service."""

from typing import Literal

from pydantic import Field

from schemas.commands import ChosenDelivery
from schemas.contract import Contract, Identifier, Line, Money, Quantity, Timestamp
from schemas.event import Event
from schemas.refund import StaffRefundReason
from schemas.tax import OrderTax, TaxAmount

CancelledBy = Literal["SHOPPER", "STAFF", "SYSTEM"]


class OrderPlaced(Event, aggregate="order_id"):
    """A paid order exists. From here on everything is choreography."""

    order_id: Identifier
    user_id: Identifier
    lines: list[Line] = Field(min_length=1)
    subtotal: Money
    shipping: Money
    total: Money
    delivery: ChosenDelivery | None = Field(default=None, description="How it is delivered, and when it is to arrive.")
    tax: OrderTax | None = Field(
        default=None,
        description="The tax within the total; absent where none is collected, and before it was computed.",
    )
    placed_at: Timestamp


class OrderShipped(Event, aggregate="order_id"):
    """A parcel left the warehouse, with all of the order in it or a part."""

    order_id: Identifier
    user_id: Identifier
    carrier: str
    tracking_number: str
    shipped_at: Timestamp
    parcel_id: Identifier | None = Field(
        default=None, description="Number of the parcel within the order; absent where an order was one parcel."
    )
    lines: list[Line] | None = Field(
        default=None, description="The units in the parcel; absent where it has all of the order."
    )
    completes_order: bool | None = Field(
        default=None, description="Whether nothing is left to be sent; absent where it has all of the order."
    )


class ParcelDelivered(Event, aggregate="order_id"):
    """A parcel arrived, and more of the order is to come. With the last one, OrderDelivered tells instead."""

    order_id: Identifier
    user_id: Identifier
    parcel_id: Identifier
    delivered_at: Timestamp


class OrderDelivered(Event, aggregate="order_id"):
    """All of the order that was to be sent has arrived."""

    order_id: Identifier
    user_id: Identifier
    delivered_at: Timestamp


class OrderCancelled(Event, aggregate="order_id"):
    """The order will not be sent: stock goes back on the shelf and money to the card."""

    order_id: Identifier
    user_id: Identifier
    lines: list[Line] = Field(min_length=1)
    total: Money
    cancelled_by: CancelledBy
    reason: str
    cancelled_at: Timestamp


class RefundRequested(Event, aggregate="order_id"):
    """Staff wants a part of an order's payment, or all that is left of it, to go back to the card."""

    order_id: Identifier
    user_id: Identifier
    request_id: Identifier = Field(description="Identifies the request: the same one is refunded once.")
    amount: Money
    reason: StaffRefundReason
    requested_at: Timestamp


class UnsentUnits(Contract):
    """Units of a bought product that never left the warehouse."""

    product_id: Identifier
    quantity: Quantity


class OrderRefunded(Event, aggregate="order_id"):
    """Money for an order was given back, in part or all of it."""

    order_id: Identifier
    user_id: Identifier
    amount: Money
    refunded_total: Money
    fully_refunded: bool
    tax: list[TaxAmount] | None = Field(
        default=None, description="The tax within the amount, by rate; absent where the order has none."
    )
    request_id: Identifier | None = Field(
        default=None, description="The request that it was made for; absent where the money went back without one."
    )
    unsent: list[UnsentUnits] | None = Field(
        default=None, description="Units that were refunded instead of being sent: they can be sold again."
    )
    refunded_at: Timestamp

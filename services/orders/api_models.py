"""Requests and responses of the HTTP routes of orders."""

from pydantic import Field

from schemas.carriers import tracking_url
from schemas.commands import ChosenDelivery, ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money, Timestamp
from schemas.order_number import order_number
from services.orders.domain import Order, OrderStatus, Shipment, StatusChange


class OrderSummary(Contract):
    """The order's status now. What its change causes in other services follows."""

    order_id: Identifier
    status: str


class OrderLineView(Line):
    """A bought line with its total."""

    line_total: Money


class ShipmentView(Shipment):
    """With whom the parcel travels, and where they tell of it."""

    tracking_url: str | None = Field(default=None, description="At the carrier, where it is known.")

    @classmethod
    def of(cls, shipment: Shipment) -> "ShipmentView":
        """Return the view of a shipment."""
        url = tracking_url(shipment.carrier, shipment.tracking_number)
        return cls(carrier=shipment.carrier, tracking_number=shipment.tracking_number, tracking_url=url)


class OrderView(Contract):
    """An order with its history."""

    order_id: Identifier
    order_number: str = Field(description="As people read and type it: ten signs. Not a key.")
    status: OrderStatus
    lines: list[OrderLineView]
    subtotal: Money
    shipping: Money
    total: Money
    refunded_total: Money | None = None
    refunds_under_way: Money | None = Field(default=None, description="What staff has requested and is not back yet.")
    placed_at: Timestamp
    shipping_address: ShippingAddress | None = None
    delivery: ChosenDelivery | None = Field(default=None, description="None in an order from before it was chosen.")
    shipment: ShipmentView | None = None
    history: list[StatusChange]

    @classmethod
    def of(cls, order: Order) -> "OrderView":
        """Return the view of an order."""
        return cls(
            order_id=order.order_id,
            order_number=order_number(order.order_id),
            status=order.status,
            lines=[
                OrderLineView(**line.model_dump(by_alias=False), line_total=line.unit_price * line.quantity)
                for line in order.lines
            ],
            subtotal=order.subtotal,
            shipping=order.shipping,
            total=order.total,
            refunded_total=order.refunded_total if order.refunds else None,
            refunds_under_way=order.refunds_under_way if order.refunds_under_way.amount else None,
            placed_at=order.placed_at,
            shipping_address=order.shipping_address,
            delivery=order.delivery,
            shipment=ShipmentView.of(order.shipment) if order.shipment else None,
            history=order.history,
        )


class OrderPage(Contract):
    """Orders, newest first."""

    items: list[OrderView]
    next_cursor: str | None = None

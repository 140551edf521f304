"""Requests and responses of the HTTP routes of orders."""

from pydantic import Field

from schemas.carriers import tracking_url
from schemas.commands import ChosenDelivery, ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money, Quantity, Timestamp
from schemas.order_number import order_number
from schemas.tax import OrderTax
from services.orders.domain import Order
from services.orders.history import StatusChange, status_changes
from services.orders.parcels import Parcel, Shipment
from services.orders.statuses import OrderStatus


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


class ParcelLineView(Contract):
    """Units of a bought product in a parcel."""

    product_id: Identifier
    name: str
    quantity: Quantity


class ParcelView(ShipmentView):
    """A parcel: with whom it travels, where they tell of it, what is in it."""

    parcel_id: Identifier
    lines: list[ParcelLineView]
    shipped_at: Timestamp
    delivered_at: Timestamp | None = None

    @classmethod
    def of_parcel(cls, parcel: Parcel, order: Order) -> "ParcelView":
        """Return the view of a parcel of an order."""
        lines = [
            ParcelLineView(product_id=line.product_id, name=line.name, quantity=line.quantity)
            for line in parcel.bought_lines(order.lines)
        ]
        return cls(
            **ShipmentView.of(parcel).model_dump(by_alias=False),
            parcel_id=parcel.parcel_id,
            lines=lines,
            shipped_at=parcel.shipped_at,
            delivered_at=parcel.delivered_at,
        )


class OrderView(Contract):
    """An order with its parcels and the statuses that it has reached."""

    order_id: Identifier
    order_number: str = Field(description="As people read and type it: ten signs. Not a key.")
    status: OrderStatus
    lines: list[OrderLineView]
    subtotal: Money
    shipping: Money
    tax: OrderTax | None = Field(default=None, description="None where none is collected, and from before.")
    total: Money
    refunded_total: Money | None = None
    refunds_under_way: Money | None = Field(default=None, description="What was requested and is not back yet.")
    placed_at: Timestamp
    shipping_address: ShippingAddress | None = None
    delivery: ChosenDelivery | None = Field(default=None, description="None in an order from before it was chosen.")
    shipment: ShipmentView | None = Field(default=None, description="The first of the parcels.")
    parcels: list[ParcelView] = []
    history: list[StatusChange] = Field(description="The oldest first.")

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
            tax=order.tax,
            total=order.total,
            refunded_total=order.refunded_total if order.refunds else None,
            refunds_under_way=order.refunds_under_way if order.refunds_under_way.amount else None,
            placed_at=order.placed_at,
            shipping_address=order.shipping_address,
            delivery=order.delivery,
            shipment=ShipmentView.of(order.parcels[0]) if order.parcels else None,
            parcels=[ParcelView.of_parcel(parcel, order) for parcel in order.parcels],
            history=status_changes(order.history),
        )


class OrderPage(Contract):
    """Orders, newest first."""

    items: list[OrderView]
    next_cursor: str | None = None

"""An order as the API shows it."""

from schemas.commands import ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money, Timestamp
from services.orders.domain import Order, Shipment, Status, Step


class OrderLine(Line):
    """A bought line with its total."""

    line_total: Money


class OrderView(Contract):
    """An order with its history."""

    order_id: Identifier
    status: Status
    lines: list[OrderLine]
    subtotal: Money
    shipping: Money
    total: Money
    refunded_total: Money | None = None
    placed_at: Timestamp
    shipping_address: ShippingAddress | None = None
    shipment: Shipment | None = None
    history: list[Step]

    @classmethod
    def of(cls, order: Order) -> "OrderView":
        """Return what is shown of an order."""
        return cls(
            order_id=order.order_id,
            status=order.status,
            lines=[
                OrderLine(**line.model_dump(by_alias=False), line_total=line.unit_price * line.quantity)
                for line in order.lines
            ],
            subtotal=order.subtotal,
            shipping=order.shipping,
            total=order.total,
            refunded_total=order.refunded_total if order.refunds else None,
            placed_at=order.placed_at,
            shipping_address=order.shipping_address,
            shipment=order.shipment,
            history=order.history,
        )


class OrderPage(Contract):
    """Orders, newest first."""

    items: list[OrderView]
    next_cursor: str | None = None

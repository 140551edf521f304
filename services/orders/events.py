"""Events that move an order: money went back, stock was short, a shopper asked for erasure."""

from datetime import UTC, datetime

from bus.consumer import Consumer
from schemas.event import Envelope
from schemas.identity import UserDeleted
from schemas.inventory import StockShort
from schemas.payment import PaymentRefunded
from services.orders.dependencies import store
from services.orders.domain import Change, Order, Status

consumer = Consumer("orders")


class UnknownOrderError(LookupError):
    """The order is not there (yet): the event has to come again."""


@consumer.on(PaymentRefunded)
def note_refund(event: Envelope[PaymentRefunded]) -> None:
    """Note money that went back, also where it comes before its order."""
    order = store().find(event.data.order_id)
    if order is None:
        if store().note_early(event.data):
            return
        # It was placed at this very moment.
        raise UnknownOrderError(event.data.order_id)

    def refunded(order: Order) -> Change | None:
        known = event.data.refund_id in order.refunds
        return None if known else order.refunded(event.data, at=datetime.now(UTC))

    store().change(order, refunded)


@consumer.on(StockShort)
def cancel_unfulfillable(event: Envelope[StockShort]) -> None:
    """Cancel an order whose units were sold to somebody else after its reservation had expired."""
    order = store().find(event.data.order_id)
    if order is None:
        raise UnknownOrderError(event.data.order_id)

    def cancelled(order: Order) -> Change | None:
        if order.status is not Status.PROCESSING:
            return None
        return order.cancelled("SYSTEM", "Sold out before it could be packed.", at=datetime.now(UTC))

    store().change(order, cancelled)


@consumer.on(UserDeleted)
def forget_addresses(event: Envelope[UserDeleted]) -> None:
    """Remove the addresses from a person's orders. The orders stay: the law wants their figures."""
    store().note_erasure(event.data.user_id)
    for order in store().all_of_user(event.data.user_id):
        store().forget_address(order)

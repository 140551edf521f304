"""Subscribed events: a refund, a shortage of stock, the erasure of a shopper."""

from datetime import UTC, datetime

from bus.consumer import Consumer, RejectedEventError
from bus.log import logger
from schemas.event import Envelope
from schemas.identity import UserDeleted
from schemas.inventory import StockShort
from schemas.payment import PaymentRefunded, PaymentRefundedV2, RefundFailed, RefundPending
from schemas.returns import ReturnReceived
from services.orders.dependencies import erasure_queue, store
from services.orders.erasure_queue import OrdersPage
from services.orders.order_record import OrderMismatchError
from services.orders.returned_goods import refund_for_return

consumer = Consumer("orders")


class UnknownOrderError(LookupError):
    """The order is not there yet: the event has to be delivered again."""


@consumer.on(PaymentRefundedV2)
def record_refund(event: Envelope[PaymentRefundedV2]) -> None:
    """Record a refund, also where it arrives before its order."""
    _record_refund(event.data)


@consumer.on(PaymentRefunded)
def record_refund_of_first_version(event: Envelope[PaymentRefunded]) -> None:
    """Record a refund as PaymentRefundedV2 tells it: the archive and the dead letters have older ones."""
    _record_refund(event.data.upcast())


def _record_refund(refund: PaymentRefundedV2) -> None:
    order = store().find(refund.order_id)
    if order is not None:
        try:
            store().update(order, lambda order: order.refunded_once(refund, at=datetime.now(UTC)))
        except OrderMismatchError as error:
            raise RejectedEventError(str(error)) from error
    elif not store().record_early_refund(refund):
        # The order was placed at this very moment.
        raise UnknownOrderError(refund.order_id)


def record_delay(event: Envelope[RefundPending] | Envelope[RefundFailed]) -> None:
    """Record that payment could not make a refund. A checkout that failed has no order."""
    order = store().find(event.data.order_id)
    if order is None:
        logger.info("a refund of no order is delayed", order_id=event.data.order_id)
        return
    try:
        store().update(order, lambda order: order.refund_delayed(event.data, at=datetime.now(UTC)))
    except OrderMismatchError as error:
        raise RejectedEventError(str(error)) from error


consumer.on(RefundPending)(record_delay)
consumer.on(RefundFailed)(record_delay)


@consumer.on(StockShort)
def cancel_unfulfillable_order(event: Envelope[StockShort]) -> None:
    """Cancel an order whose units were sold to another shopper after its reservation had expired."""
    order = store().find(event.data.order_id)
    if order is None:
        # Inventory raises it on account of the placed order.
        raise RejectedEventError(f"there is no order {event.data.order_id}")
    try:
        order.require_shortage(event.data)
    except OrderMismatchError as error:
        raise RejectedEventError(str(error)) from error
    store().update(order, lambda order: order.cancelled_for_shortage(at=datetime.now(UTC)))


@consumer.on(ReturnReceived)
def request_refund_of_return(event: Envelope[ReturnReceived]) -> None:
    """Request the refund of goods that came back, once for a return."""
    order = store().find(event.data.order_id)
    if order is None:
        raise RejectedEventError(f"there is no order {event.data.order_id}")
    try:
        store().update(order, lambda order: refund_for_return(order, event.data, at=datetime.now(UTC)))
    except OrderMismatchError as error:
        raise RejectedEventError(str(error)) from error


@consumer.on(UserDeleted)
def start_erasure(event: Envelope[UserDeleted]) -> None:
    """Start the erasure of a shopper's orders. The orders stay: the law requires their figures."""
    erasure_queue().send(OrdersPage(user_id=event.data.user_id, erased_at=event.data.deleted_at))

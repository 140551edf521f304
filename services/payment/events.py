"""Subscribed events: a cancelled order, and what staff requests, are refunded."""

from bus.consumer import Consumer, RejectedEventError, Replay
from bus.log import logger
from schemas.event import Envelope
from schemas.orders import OrderCancelled, RefundRequested
from services.payment.dependencies import refund_service, store
from services.payment.domain import Payment, PaymentMismatchError
from services.payment.outcomes import NothingToRefundOutcome
from services.payment.refunds import RefundInput

consumer = Consumer("payment")

REQUEST_ID = "cancel"
"""An order is cancelled once, so the request needs no other id."""


@consumer.on(OrderCancelled, replay=Replay.DENY, effect="refund")
def refund_cancelled_order(event: Envelope[OrderCancelled]) -> None:
    """Refund what is left of the payment of a cancelled order.

    Where Stripe does not answer, the sweeper tries again; where it refuses, RefundFailed says so, with an alarm.
    """
    payment = _payment_of(event.data.order_id)
    try:
        payment.require_order(event.data.user_id, event.data.total)
    except PaymentMismatchError as error:
        raise RejectedEventError(str(error)) from error
    given = RefundInput(order_id=event.data.order_id, reason="ORDER_CANCELLED", request_id=REQUEST_ID)
    if isinstance(refund_service().refund(given), NothingToRefundOutcome):
        logger.info("a cancelled order has nothing to refund", order_id=event.data.order_id)


@consumer.on(RefundRequested, replay=Replay.DENY, effect="refund")
def refund_on_request(event: Envelope[RefundRequested]) -> None:
    """Refund what staff has requested. Where that is not possible, RefundFailed says so."""
    data = event.data
    try:
        _payment_of(data.order_id).require_payer(data.user_id, data.amount)
    except PaymentMismatchError as error:
        raise RejectedEventError(str(error)) from error
    given = RefundInput(order_id=data.order_id, reason=data.reason, request_id=data.request_id, amount=data.amount)
    refund_service().refund(given)


def _payment_of(order_id: str) -> Payment:
    payment = store().get(order_id)
    if payment is None:
        # An order is placed after its payment.
        raise RejectedEventError(f"there is no payment of order {order_id}")
    return payment

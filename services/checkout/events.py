"""Subscribed events: a payment that succeeded, and a shopper whose account was erased.

Usually the state machine has completed the checkout before the payment's event arrives here, and there is nothing to
do. A payment that is not the checkout's is rejected: it moves neither goods nor money.
"""

from bus.consumer import Consumer, RejectedEventError
from schemas.event import Envelope
from schemas.identity import UserDeleted
from schemas.payment import PaymentSucceeded
from services.checkout.dependencies import recovery, store
from services.checkout.domain import CheckoutStatus, PaymentMismatchError

consumer = Consumer("checkout")


@consumer.on(PaymentSucceeded)
def complete_or_refund(event: Envelope[PaymentSucceeded]) -> None:
    """End the paid checkout with an order or with a refund."""
    checkout = store().get(event.data.order_id)
    if checkout is None:
        # A checkout is stored before it is charged, and kept for longer than a payment's event is delivered.
        raise RejectedEventError(f"there is no checkout {event.data.order_id}")
    try:
        checkout.require_payment(event.data)
        if checkout.status is not CheckoutStatus.COMPLETED:
            recovery().complete_or_refund(checkout, event.data.payment_intent_id)
    except PaymentMismatchError as error:
        raise RejectedEventError(str(error)) from error


@consumer.on(UserDeleted)
def erase_shopper(event: Envelope[UserDeleted]) -> None:
    """Close what the erased shopper has left undecided, and remove their address with it."""
    recovery().close_for_erasure(event.data.user_id)

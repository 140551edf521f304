"""Subscribed events: a payment that succeeded, and a shopper whose account was erased.

Usually the state machine has completed the checkout before the payment's event arrives here, and there is nothing to
do.
"""

from bus.consumer import Consumer
from schemas.event import Envelope
from schemas.identity import UserDeleted
from schemas.payment import PaymentSucceeded
from services.checkout.dependencies import recovery, store
from services.checkout.domain import CheckoutStatus, UnknownCheckoutError

consumer = Consumer("checkout")


@consumer.on(PaymentSucceeded)
def complete_or_refund(event: Envelope[PaymentSucceeded]) -> None:
    """End the paid checkout with an order or with a refund."""
    checkout = store().get(event.data.order_id)
    if checkout is None:
        raise UnknownCheckoutError(event.data.order_id)
    if checkout.status is not CheckoutStatus.COMPLETED:
        recovery().complete_or_refund(checkout, event.data.payment_intent_id)


@consumer.on(UserDeleted)
def erase_shopper(event: Envelope[UserDeleted]) -> None:
    """Close what the erased shopper has left undecided, and remove their address with it."""
    recovery().close_for_erasure(event.data.user_id)

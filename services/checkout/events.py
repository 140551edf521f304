"""Money back or an order: a paid checkout ends, whatever died after the charge.

Normally the state machine has completed the checkout before the payment's event arrives here, and
there is nothing to do.
"""

from functools import cache

from bus.clients import client, dynamodb
from bus.command import invoked, message_of
from bus.consumer import Consumer
from bus.log import logger
from bus.replay import held_back
from bus.settings import Settings
from schemas.commands import PlaceOrder
from schemas.event import Envelope
from schemas.payment import PaymentSucceeded
from services.checkout.compensation import Compensation, CompensationSettings
from services.checkout.domain import UNDECIDED, Checkout, Status
from services.checkout.store import CheckoutSettings, CheckoutStore

consumer = Consumer("checkout")


class RecoverySettings(Settings):
    """The command of inventory, and the order queue."""

    reserve_arn: str
    order_queue_url: str


class UndecidedError(Exception):
    """The checkout moved while this looked at it; the event has to come again."""


@cache
def _store() -> CheckoutStore:
    return CheckoutStore(dynamodb(), CheckoutSettings.load().checkouts_table)


@cache
def _settings() -> RecoverySettings:
    return RecoverySettings.load()


@cache
def _compensation() -> Compensation:
    return Compensation(_store(), client("lambda"), CompensationSettings.load())


@consumer.on(PaymentSucceeded)
def complete_or_give_back(event: Envelope[PaymentSucceeded]) -> None:
    """See that a paid checkout becomes an order, or that the money goes back."""
    checkout = _store().get(event.data.order_id)
    if checkout is None:
        raise LookupError(f"a payment for {event.data.order_id}, which nobody has checked out")
    match checkout.status:
        case Status.COMPLETED:
            return
        case Status.COMPENSATING | Status.FAILED:
            _give_back(checkout)
        case _:
            _complete(checkout, event.data.payment_intent_id)


def _complete(checkout: Checkout, payment_intent_id: str) -> None:
    if checkout.quote is None:
        raise ValueError(f"{checkout.order_id} was paid and has no quote")
    logger.warning("completing a checkout that died after the charge", order_id=checkout.order_id)
    lines = [{"productId": line.product_id, "quantity": line.quantity} for line in checkout.quote.lines]
    reserved = invoked(client("lambda"), _settings().reserve_arn, {"reservationId": checkout.order_id, "lines": lines})
    if reserved["outcome"] != "RESERVED":
        _decide(checkout, Status.COMPENSATING)
        _give_back(checkout.model_copy(update={"status": Status.COMPENSATING}))
        return
    _decide(checkout, Status.COMPLETING)
    _enqueue(checkout, payment_intent_id)
    _store().finish(checkout.model_copy(update={"status": Status.COMPLETING}), checkout.confirmed())


def _decide(checkout: Checkout, to: Status) -> None:
    if not _store().decide(checkout.order_id, to, {*UNDECIDED, to}):
        raise UndecidedError(checkout.order_id)


def _give_back(checkout: Checkout) -> None:
    if held_back("refund"):
        logger.info("a refund is held back in a replay", order_id=checkout.order_id)
        return
    _compensation().give_back(checkout)


def _enqueue(checkout: Checkout, payment_intent_id: str) -> None:
    quote = checkout.quote
    if quote is None:
        raise ValueError(f"{checkout.order_id} has no quote")
    order = PlaceOrder(
        order_id=checkout.order_id,
        user_id=checkout.user_id,
        lines=quote.lines,
        subtotal=quote.subtotal,
        shipping=quote.shipping,
        total=quote.total,
        shipping_address=checkout.wanted.shipping_address,
        payment_intent_id=payment_intent_id,
    )
    message = message_of(order.model_dump(mode="json", exclude_none=True))
    client("sqs").send_message(QueueUrl=_settings().order_queue_url, MessageBody=message)

"""Money back or an order: a paid checkout ends, whatever died after the charge. And an erased shopper's is closed.

Normally the state machine has completed the checkout before the payment's event arrives here, and
there is nothing to do.
"""

from functools import cache

from bus.clients import client, dynamodb
from bus.consumer import Consumer
from bus.invocation import command_message, invoke_command
from bus.log import logger
from bus.replay import is_suppressed
from bus.settings import Settings
from schemas.commands import PlaceOrder
from schemas.event import Envelope
from schemas.identity import UserDeleted
from schemas.payment import PaymentSucceeded
from services.checkout.compensation import Compensation, CompensationSettings
from services.checkout.domain import UNDECIDED, Checkout, Outcome, Standing, Status
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
        case Status.COMPLETING:
            _complete(checkout, event.data.payment_intent_id)
        case _:
            _decide(checkout, event.data.payment_intent_id)


@consumer.on(UserDeleted)
def forget_shopper(event: Envelope[UserDeleted]) -> None:
    """Close what an erased shopper has left undecided, and with it forget where they live.

    At most one checkout of a shopper is undecided and has a quote: each closes the one before it. One
    without a quote expires after a day.
    """
    holder = _store().holder_of(event.data.user_id)
    if holder is None or is_suppressed("refund"):
        return
    checkout = _store().get(holder.order_id)
    if checkout and not checkout.is_ended:
        if checkout.standing_at(_store().now()) is not Standing.ABANDONED or not _store().supersede(checkout):
            raise UndecidedError(checkout.order_id)
        closed = checkout.model_copy(update={"status": Status.COMPENSATING})
        _compensation().give_back(closed, Outcome(outcome="ACCOUNT_ERASED"))
    _store().forget_cart(event.data.user_id)


def _decide(checkout: Checkout, payment_intent_id: str) -> None:
    """Decide between an order and the money, by whether the units are there; carry it out."""
    lines = [{"productId": line.product_id, "quantity": line.quantity} for line in checkout.quoted.lines]
    asked = {"reservationId": checkout.order_id, "lines": lines}
    reserved = invoke_command(client("lambda"), _settings().reserve_arn, asked)
    to = Status.COMPLETING if reserved["outcome"] == "RESERVED" else Status.COMPENSATING
    if not _store().decide(checkout.order_id, to, {*UNDECIDED, to}, payment_intent_id):
        raise UndecidedError(checkout.order_id)
    decided = checkout.model_copy(update={"status": to})
    if to is Status.COMPLETING:
        _complete(decided, payment_intent_id)
    else:
        _give_back(decided)


def _complete(checkout: Checkout, payment_intent_id: str) -> None:
    logger.warning("completing a checkout that died after the charge", order_id=checkout.order_id)
    _enqueue(checkout, payment_intent_id)
    _store().finish(checkout, checkout.confirmed())


def _give_back(checkout: Checkout) -> None:
    if is_suppressed("refund"):
        logger.info("a refund is suppressed in a replay", order_id=checkout.order_id)
        return
    _compensation().give_back(checkout)


def _enqueue(checkout: Checkout, payment_intent_id: str) -> None:
    quote = checkout.quoted
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
    message = command_message(order.model_dump(mode="json", exclude_none=True))
    client("sqs").send_message(QueueUrl=_settings().order_queue_url, MessageBody=message)

"""What Stripe says of a PaymentIntent becomes the shop's record, once, whoever hears it first.

The charging command, the confirmation and the webhook all end here. Events are raised in the request
in which the shopper paid, also where Stripe's webhook brought the news.
"""

import time
from collections.abc import Callable

from bus.context import Context, current, use_context
from bus.log import logger
from services.payment.domain import Intent, Payment, Status
from services.payment.gateway import Gateway
from services.payment.store import PaymentStore


class Settlement:
    """Writes payments.

    Parameters:
        store: the payments.
        gateway: Stripe.
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, store: PaymentStore, gateway: Gateway, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._gateway = gateway
        self._now = now

    def settle(self, intent: Intent, payment: Payment | None = None) -> Payment:
        """Record what Stripe says of an intent; return the payment after it.

        Parameters:
            intent: as Stripe has it, or had it when it sent the webhook.
            payment: as the caller has just read it; read here where it is not given.
        """
        known = payment or self._store.get(intent.order_id)
        if known is None:
            known = self._store.open(Payment.known_from(intent, int(self._now())))
        if intent.status == "requires_payment_method" and known.status is Status.REQUIRES_ACTION:
            # The browser holds the secret with which it could confirm again, after the shop has given up.
            intent = self._ended(intent)
        with use_context(context_of(intent.correlation_id, intent.causation_id)):
            after = self._store.change(known, lambda payment: payment.settled(intent))
        if intent.status == "succeeded" and after.is_of_another(intent):
            self._give_back(intent)
        return after

    def decline(self, payment: Payment, decline_code: str) -> Payment:
        """Record that Stripe did not even make an intent; return the payment after it."""
        with use_context(context_of(payment.correlation_id, payment.causation_id)):
            return self._store.change(payment, lambda payment: payment.failed(decline_code))

    def _ended(self, failed: Intent) -> Intent:
        after = self._gateway.cancel(failed.intent_id)
        return failed if after.status == "canceled" else after

    def _give_back(self, intent: Intent) -> None:
        logger.error("an order was charged twice", order_id=intent.order_id, payment_intent_id=intent.intent_id)
        self._gateway.refund(intent.intent_id, None, order_id=intent.order_id, request_id=intent.intent_id)


def context_of(correlation_id: str | None, causation_id: str | None) -> Context:
    """Return the context of the request that a payment belongs to; the current one where that is it."""
    here = current()
    if correlation_id in (None, here.correlation_id) and causation_id == here.causation_id:
        return here
    return Context(correlation_id=correlation_id or here.correlation_id, causation_id=causation_id)

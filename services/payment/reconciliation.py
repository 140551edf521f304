"""Reconciliation: records in the shop what Stripe says of a PaymentIntent.

The charge command, the confirmation and the webhook all end here, and the first one raises the event. The event belongs
to the request in which the shopper paid, also where Stripe's webhook brings it.
"""

import time
from collections.abc import Callable

from bus.context import Context, current, use_context
from bus.log import logger
from services.payment.domain import Payment, PaymentIntent
from services.payment.gateway import RefundRejectedError, StripeGateway, StuckIdempotencyKeyError
from services.payment.store import PaymentStore

DUPLICATE_REFUND_ATTEMPTS = 5
"""Idempotency keys for the refund of a second intent. It refunds all of it, so that two of them cannot."""


class PaymentReconciler:
    """Updates payments from Stripe's intents.

    Parameters:
        store: the payments.
        gateway: Stripe.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, store: PaymentStore, gateway: StripeGateway, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._gateway = gateway
        self._now = now

    def reconcile(self, intent: PaymentIntent, payment: Payment | None = None) -> Payment:
        """Record an intent; return the payment after it.

        An intent whose 3-D Secure failed is cancelled at Stripe. A second intent that took money for the same order is
        refunded at once.

        Parameters:
            intent: as Stripe has it, or had it when it sent the webhook.
            payment: as the caller has just read it; read here if None.

        Raises stripe.StripeError where Stripe does not answer.
        """
        known = payment or self._store.get(intent.order_id)
        if known is None:
            known = self._store.get_or_create(Payment.from_intent(intent, int(self._now())))
        if known.has_failed_3d_secure(intent):
            intent = self._cancel(intent)
        with use_context(payment_context(intent.correlation_id, intent.causation_id)):
            after = self._store.update(known, lambda payment: payment.with_intent(intent))
        if intent.status == "succeeded" and after.rests_on_another_than(intent):
            self._refund_duplicate(intent)
        return after

    def record_decline(self, payment: Payment, decline_code: str) -> Payment:
        """Record a decline for which Stripe created no intent; return the payment after it.

        Parameters:
            payment: as the caller has just read it.
            decline_code: Stripe's, or the shop's own.
        """
        with use_context(payment_context(payment.correlation_id, payment.causation_id)):
            return self._store.update(payment, lambda payment: payment.failed(decline_code))

    def _cancel(self, failed: PaymentIntent) -> PaymentIntent:
        after = self._gateway.cancel_intent(failed.intent_id)
        return failed if after.is_cancelled else after

    def _refund_duplicate(self, intent: PaymentIntent) -> None:
        logger.error("an order was charged twice", order_id=intent.order_id, payment_intent_id=intent.intent_id)
        made = {"order_id": intent.order_id, "request_id": intent.intent_id}
        for attempt in range(1, DUPLICATE_REFUND_ATTEMPTS + 1):
            try:
                self._gateway.refund(intent.intent_id, None, **made, attempt=attempt)
            except StuckIdempotencyKeyError:
                if self._gateway.find_refund(intent.intent_id, **made) is None:
                    continue
            except RefundRejectedError as error:
                if not error.already_refunded:
                    raise
            return
        raise StuckIdempotencyKeyError(intent.intent_id)


def payment_context(correlation_id: str | None, causation_id: str | None) -> Context:
    """Return the context of the request that a payment or a refund belongs to.

    Parameters:
        correlation_id: of the request; None stands for the current one.
        causation_id: the event that caused it, if any.

    Raises LookupError outside of any context.
    """
    here = current()
    if correlation_id in (None, here.correlation_id) and causation_id == here.causation_id:
        return here
    return Context(correlation_id=correlation_id or here.correlation_id, causation_id=causation_id)

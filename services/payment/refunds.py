"""The refund command: never more than was charged, once for a request, with one event."""

import time
from collections.abc import Callable
from typing import Annotated

import stripe
from pydantic import BeforeValidator, StringConstraints

from bus.context import current, use_context
from bus.log import logger
from bus.metric import count
from schemas.contract import Contract, Identifier, Money
from schemas.refund import RefundReason, refund_reason_of
from services.payment.domain import (
    REFUND_RETRY_SECONDS,
    NothingToRefundError,
    NotRefundableError,
    Payment,
    PaymentStatus,
    Refund,
    RefundRecord,
)
from services.payment.gateway import RefundRejectedError, StripeGateway, StuckIdempotencyKeyError
from services.payment.outcomes import (
    NothingToRefundOutcome,
    RefundedOutcome,
    RefundOutcome,
    RefundPendingOutcome,
    RefundRefusedOutcome,
    UnresolvedPaymentError,
)
from services.payment.rate_limit import wait_for_rate_limit
from services.payment.reconciliation import PaymentReconciler, payment_context
from services.payment.store import PaymentStore

RequestId = Annotated[str, StringConstraints(min_length=1, max_length=110)]
"""With the order id before it, it has to fit into the 255 characters of Stripe's idempotency keys."""


class RefundInput(Contract):
    """A refund to be made.

    Attributes:
        reason: a code. A sentence, as an earlier version of checkout sends it, becomes its code.
        amount: None refunds all that is left.
        request_id: identifies the request; the same one is refunded once.
    """

    order_id: Identifier
    reason: Annotated[RefundReason, BeforeValidator(refund_reason_of)]
    request_id: RequestId
    amount: Money | None = None


class RefundService:
    """Refunds payments.

    Parameters:
        store: the payments.
        gateway: Stripe.
        now: returns the time in seconds since the epoch; replaced in tests.
        sleep: waits for seconds, where Stripe limits the rate; replaced in tests.
    """

    def __init__(
        self,
        store: PaymentStore,
        gateway: StripeGateway,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._reconciler = PaymentReconciler(store, gateway, now)
        self._now = now
        self._sleep = sleep

    def refund(self, given: RefundInput) -> RefundOutcome:
        """Refund an amount or all that is left. A payment that was not charged is closed, so that it never will be.

        A refund of a charged payment has an outcome also where Stripe does not answer: it is recorded, and the sweeper
        tries again.

        Raises stripe.StripeError where Stripe does not answer before it is known whether the card was charged, and
        UnresolvedPaymentError while Stripe itself does not know it. The same command again continues from there.
        """
        payment = self._store.get(given.order_id)
        if payment is None or payment.status is not PaymentStatus.SUCCEEDED:
            unresolved = payment
            payment = wait_for_rate_limit(lambda: self._close(given.order_id, unresolved), self._sleep)
        if payment.status is not PaymentStatus.SUCCEEDED:
            return NothingToRefundOutcome()
        return self._refund_payment(payment, given)

    def resume(self, payment: Payment, request_id: str) -> RefundOutcome:
        """Try a recorded refund again.

        Parameters:
            payment: as the caller has just read it.
            request_id: the refund's request.
        """
        return _stored_outcome(payment, request_id) or self._refund_at_stripe(payment, request_id)

    def record(self, refund: Refund) -> None:
        """Record a refund that Stripe reports, by the shop or by staff in the dashboard; raises ForeignObjectError."""
        intent = None if refund.order_id else self._gateway.retrieve_intent(refund.intent_id)
        order_id = refund.order_id or (intent.order_id if intent else "")
        payment = self._store.get(order_id)
        if payment is None or payment.status is not PaymentStatus.SUCCEEDED:
            # The webhook of the charge itself is still on its way.
            payment = self._reconciler.reconcile(intent or self._gateway.retrieve_intent(refund.intent_id), payment)
        self._store_refund(payment, refund)

    def _close(self, order_id: str, payment: Payment | None) -> Payment:
        """Close a payment in the shop, so that no charge begins, and then at Stripe; it may prove to be charged."""
        if payment is None:
            payment = self._store.get_or_create(Payment.cancelled_before_charge(order_id, int(self._now())))
        payment = self._store.update(payment, Payment.cancelled)
        if payment.status is PaymentStatus.SUCCEEDED or payment.user_id is None:
            return payment
        intent_id = payment.payment_intent_id
        if intent_id is None and payment.status is PaymentStatus.CANCELLED:
            found = self._gateway.find_intent(order_id, since=payment.opened_at)
            intent_id = found.intent_id if found else None
        if intent_id is None:
            return payment
        intent = self._gateway.cancel_intent(intent_id)
        if intent.is_processing:
            raise UnresolvedPaymentError(f"the payment of {order_id} is still being processed")
        return self._reconciler.reconcile(intent, payment)

    def _refund_payment(self, payment: Payment, given: RefundInput) -> RefundOutcome:
        done = _stored_outcome(payment, given.request_id)
        if done:
            return done
        record = self._new_record(given)
        if given.request_id not in payment.refunds:
            try:
                payment.require_refundable(given.amount)
            except NothingToRefundError:
                return NothingToRefundOutcome()
            except NotRefundableError as error:
                return self._decline(payment, given.request_id, record, error)
        payment = self._store.update(payment, lambda payment: payment.refund_requested(given.request_id, record))
        return self.resume(payment, given.request_id)

    def _new_record(self, given: RefundInput) -> RefundRecord:
        context, now = current(), int(self._now())
        return RefundRecord(
            requested=given.amount,
            reason=given.reason,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
            attempted_at=now,
            # Should this function die, the sweeper continues.
            due_at=now + REFUND_RETRY_SECONDS,
        )

    def _decline(
        self, payment: Payment, request_id: str, record: RefundRecord, error: NotRefundableError
    ) -> RefundOutcome:
        """Record that the payment has not that much: whoever has requested it waits for a result."""
        logger.error("a refund is refused", order_id=payment.order_id, request_id=request_id, reason=str(error))
        self._store.update(payment, lambda payment: payment.refund_declined(request_id, record))
        if payment.refundable.amount:
            count("RefundsFailed", orderId=payment.order_id, requestId=request_id)
        return RefundRefusedOutcome(message=str(error))

    def _refund_at_stripe(self, payment: Payment, request_id: str) -> RefundOutcome:
        record = payment.refunds[request_id]
        with use_context(payment_context(record.correlation_id, record.causation_id)):
            try:
                refund = wait_for_rate_limit(lambda: self._find_or_make(payment, request_id), self._sleep)
            except RefundRejectedError as error:
                return self._record_refusal(payment, request_id, error)
            except (stripe.StripeError, StuckIdempotencyKeyError) as error:
                return self._postpone(payment, request_id, error)
            self._store_refund(payment, refund)
        return RefundedOutcome(refund_id=refund.refund_id, amount=refund.amount)

    def _find_or_make(self, payment: Payment, request_id: str) -> Refund:
        """Make a refund at Stripe.

        After a stored error of Stripe, and where Stripe may have forgotten the key, it is looked for first. Then it is
        made under the next key: a function that does the same at this moment uses that key as well.
        """
        record = payment.refunds[request_id]
        made = {"order_id": payment.order_id, "request_id": request_id}
        intent_id = payment.payment_intent_id or ""
        if record.is_key_valid_at(int(self._now())):
            try:
                return self._gateway.refund(intent_id, record.requested, **made, attempt=record.attempt)
            except StuckIdempotencyKeyError:
                logger.warning("Stripe repeats an error; looking for the refund", order_id=payment.order_id)
        if found := self._gateway.find_refund(intent_id, **made):
            return found
        now = int(self._now())
        payment = self._store.update(
            payment, lambda payment: payment.with_next_refund_key(request_id, record.attempt, now)
        )
        attempt = payment.refunds[request_id].attempt
        return self._gateway.refund(intent_id, record.requested, **made, attempt=attempt)

    def _postpone(self, payment: Payment, request_id: str, error: Exception) -> RefundOutcome:
        logger.error("a refund is not made yet", order_id=payment.order_id, request_id=request_id, reason=repr(error))
        now = int(self._now())
        payment = self._store.update(payment, lambda payment: payment.refund_postponed(request_id, now))
        if done := _stored_outcome(payment, request_id):
            return done
        count("RefundsPending", orderId=payment.order_id, requestId=request_id)
        return RefundPendingOutcome()

    def _record_refusal(self, payment: Payment, request_id: str, error: RefundRejectedError) -> RefundOutcome:
        if error.already_refunded and payment.refunds[request_id].requested is None:
            self._store.update(payment, lambda payment: payment.refund_closed(request_id))
            return NothingToRefundOutcome()
        logger.error("a refund is refused", order_id=payment.order_id, request_id=request_id, code=error.code)
        self._store.update(payment, lambda payment: payment.refund_refused(request_id, error.code))
        if not error.already_refunded:
            count("RefundsFailed", orderId=payment.order_id, requestId=request_id)
        return RefundRefusedOutcome(message=str(error))

    def _store_refund(self, payment: Payment, refund: Refund) -> None:
        record = payment.refund_record_of(refund)
        with use_context(payment_context(record.correlation_id, record.causation_id)):
            self._store.update(payment, lambda payment: payment.refunded(refund))


def _stored_outcome(payment: Payment, request_id: str) -> RefundedOutcome | RefundRefusedOutcome | None:
    record = payment.refunds.get(request_id)
    if record is None:
        return None
    if record.refund_id is not None and record.refunded is not None:
        return RefundedOutcome(refund_id=record.refund_id, amount=record.refunded)
    if record.failure_code is not None:
        return RefundRefusedOutcome(message=f"Stripe has refused this refund: {record.failure_code}.")
    return None

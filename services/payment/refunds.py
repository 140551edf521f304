"""The refund command: never more than was charged, once for a request, with one event."""

import time
from collections.abc import Callable
from typing import Annotated

from pydantic import StringConstraints

from bus.context import current, use_context
from schemas.contract import Contract, Identifier, Money
from services.payment.domain import (
    NothingToRefundError,
    NotRefundableError,
    Payment,
    PaymentStatus,
    Refund,
    RefundRecord,
)
from services.payment.gateway import RefundRejectedError, StripeGateway
from services.payment.outcomes import (
    NothingToRefundOutcome,
    RefundedOutcome,
    RefundOutcome,
    RefundRefusedOutcome,
    UnresolvedPaymentError,
)
from services.payment.reconciliation import PaymentReconciler, payment_context
from services.payment.store import PaymentStore

RequestId = Annotated[str, StringConstraints(min_length=1, max_length=110)]
"""With the order id before it, it has to fit into the 255 characters of Stripe's idempotency keys."""


class RefundInput(Contract):
    """A refund to be made.

    Attributes:
        amount: None refunds all that is left.
        request_id: identifies the request; the same one is refunded once.
    """

    order_id: Identifier
    reason: str
    request_id: RequestId
    amount: Money | None = None


class RefundService:
    """Refunds payments.

    Parameters:
        store: the payments.
        gateway: Stripe.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, store: PaymentStore, gateway: StripeGateway, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._gateway = gateway
        self._reconciler = PaymentReconciler(store, gateway, now)
        self._now = now

    def refund(self, given: RefundInput) -> RefundOutcome:
        """Refund an amount or all that is left. A payment that was not charged is closed, so that it never will be.

        Raises stripe.StripeError where Stripe does not answer, and UnresolvedPaymentError while Stripe itself does not
        know whether the card is charged. The same command again continues from there.
        """
        payment = self._store.get(given.order_id)
        if payment is None or payment.status is not PaymentStatus.SUCCEEDED:
            payment = self._close(given.order_id, payment)
        if payment.status is not PaymentStatus.SUCCEEDED:
            return NothingToRefundOutcome()
        return self._refund_payment(payment, given)

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
        if given.request_id not in payment.refunds:
            try:
                payment.require_refundable(given.amount)
            except NothingToRefundError:
                return NothingToRefundOutcome()
            except NotRefundableError as error:
                return RefundRefusedOutcome(message=str(error))
        context = current()
        record = RefundRecord(
            requested=given.amount,
            reason=given.reason,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
        )
        payment = self._store.update(payment, lambda payment: payment.refund_requested(given.request_id, record))
        return _stored_outcome(payment, given.request_id) or self._refund_at_stripe(payment, given.request_id)

    def _refund_at_stripe(self, payment: Payment, request_id: str) -> RefundOutcome:
        requested = payment.refunds[request_id].requested
        try:
            refund = self._gateway.refund(
                payment.payment_intent_id or "", requested, order_id=payment.order_id, request_id=request_id
            )
        except RefundRejectedError as error:
            if error.already_refunded and requested is None:
                return NothingToRefundOutcome()
            return RefundRefusedOutcome(message=str(error))
        self._store_refund(payment, refund)
        return RefundedOutcome(refund_id=refund.refund_id, amount=refund.amount)

    def _store_refund(self, payment: Payment, refund: Refund) -> None:
        record = payment.refund_record_of(refund)
        with use_context(payment_context(record.correlation_id, record.causation_id)):
            self._store.update(payment, lambda payment: payment.refunded(refund))


def _stored_outcome(payment: Payment, request_id: str) -> RefundedOutcome | None:
    record = payment.refunds.get(request_id)
    if record is None or record.refund_id is None or record.refunded is None:
        return None
    return RefundedOutcome(refund_id=record.refund_id, amount=record.refunded)

"""Giving money back: never more than was taken, once a request, and told of once."""

import time
from collections.abc import Callable
from typing import Annotated

from pydantic import StringConstraints

from bus.context import current, use_context
from schemas.contract import Contract, Identifier, Money
from services.payment.answers import NothingToRefund, RefundAnswer, Refunded, Refused, UnsettledError
from services.payment.domain import Payment, Refund, RefundEntry, Status
from services.payment.gateway import Gateway, RefundRefusedError
from services.payment.settlement import Settlement, context_of
from services.payment.store import PaymentStore

RequestId = Annotated[str, StringConstraints(min_length=1, max_length=110)]
"""With the order id before it, it has to fit into the 255 characters of an idempotency key."""


class RefundInput(Contract):
    """Money to give back.

    Attributes:
        amount: None gives back all that is left.
        request_id: the same request gives back once.
    """

    order_id: Identifier
    reason: str
    request_id: RequestId
    amount: Money | None = None


class Refunding:
    """Refunds.

    Parameters:
        store: the payments.
        gateway: Stripe.
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, store: PaymentStore, gateway: Gateway, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._gateway = gateway
        self._settlement = Settlement(store, gateway, now)
        self._now = now

    def refund(self, given: RefundInput) -> RefundAnswer:
        """Give back an amount or all that is left; where nothing was taken, see that nothing will be.

        Raises stripe.StripeError where Stripe does not answer, UnsettledError while Stripe itself does
        not know whether the card is charged. The same request again goes on from there.
        """
        payment = self._store.get(given.order_id)
        if payment is None or payment.status is not Status.SUCCEEDED:
            payment = self._closed(given.order_id, payment)
        if payment.status is not Status.SUCCEEDED:
            return NothingToRefund()
        return self._given_back(payment, given)

    def note(self, refund: Refund) -> None:
        """Record a refund that Stripe tells of, whoever made it. Raises ForeignError."""
        intent = None if refund.order_id else self._gateway.retrieve(refund.intent_id)
        order_id = refund.order_id or (intent.order_id if intent else "")
        payment = self._store.get(order_id)
        if payment is None or payment.status is not Status.SUCCEEDED:
            # The news of the charge itself is still on its way.
            payment = self._settlement.settle(intent or self._gateway.retrieve(refund.intent_id), payment)
        self._noted(payment, refund)

    def _closed(self, order_id: str, payment: Payment | None) -> Payment:
        """Close a payment here, so that no charge begins, and then at Stripe; it may prove to be paid."""
        if payment is None:
            payment = self._store.open(Payment.never_opened(order_id, int(self._now())))
        payment = self._store.change(payment, Payment.closed)
        if payment.status is Status.SUCCEEDED or payment.user_id is None:
            return payment
        intent_id = payment.payment_intent_id
        if intent_id is None and payment.status is Status.CANCELLED:
            found = self._gateway.find(order_id, since=payment.opened_at)
            intent_id = found.intent_id if found else None
        if intent_id is None:
            return payment
        intent = self._gateway.cancel(intent_id)
        if intent.status == "processing":
            raise UnsettledError(f"the payment of {order_id} is still being processed")
        return self._settlement.settle(intent, payment)

    def _given_back(self, payment: Payment, given: RefundInput) -> RefundAnswer:
        done = _answer(payment, given.request_id)
        if done:
            return done
        if given.request_id not in payment.refunds:
            refusal = _refusal(payment.left, given.amount)
            if refusal:
                return refusal
        context = current()
        entry = RefundEntry(
            asked=given.amount,
            reason=given.reason,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
        )
        payment = self._store.change(payment, lambda payment: payment.asked_back(given.request_id, entry))
        return _answer(payment, given.request_id) or self._refunded(payment, given.request_id)

    def _refunded(self, payment: Payment, request_id: str) -> RefundAnswer:
        asked = payment.refunds[request_id].asked
        try:
            refund = self._gateway.refund(
                payment.payment_intent_id or "", asked, order_id=payment.order_id, request_id=request_id
            )
        except RefundRefusedError as refused:
            if refused.already and asked is None:
                return NothingToRefund()
            return Refused(message=str(refused))
        self._noted(payment, refund)
        return Refunded(refund_id=refund.refund_id, amount=refund.amount)

    def _noted(self, payment: Payment, refund: Refund) -> None:
        entry = payment.entry_of(refund)
        with use_context(context_of(entry.correlation_id, entry.causation_id)):
            self._store.change(payment, lambda payment: payment.given_back(refund))


def _answer(payment: Payment, request_id: str) -> Refunded | None:
    entry = payment.refunds.get(request_id)
    if entry is None or entry.refund_id is None or entry.given is None:
        return None
    return Refunded(refund_id=entry.refund_id, amount=entry.given)


def _refusal(left: Money, asked: Money | None) -> NothingToRefund | Refused | None:
    if asked is None:
        return None if left.amount else NothingToRefund()
    if asked.currency != left.currency:
        return Refused(message=f"The order was paid in {left.currency}.")
    if not 0 < asked.amount <= left.amount:
        return Refused(message=f"Only {left.amount} {left.currency} (minor units) of the payment are left.")
    return None

"""The charge and confirm commands: one charge for an order, whatever is repeated or fails."""

import time
from collections.abc import Callable

from bus.context import current
from bus.log import logger
from schemas.contract import Contract, Identifier, Money
from services.payment.domain import Payment, PaymentIntent, PaymentStatus
from services.payment.gateway import RejectedCharge, StripeGateway, StuckIdempotencyKeyError
from services.payment.outcomes import ChargeOutcome, ConfirmOutcome, NoPaymentOutcome, charge_outcome
from services.payment.rate_limit import wait_for_rate_limit
from services.payment.reconciliation import PaymentReconciler
from services.payment.store import PaymentStore


class ChargeInput(Contract):
    """An order to be paid."""

    order_id: Identifier
    user_id: Identifier
    payment_method_id: Identifier
    amount: Money


class ConfirmInput(Contract):
    """An order whose shopper has completed 3-D Secure."""

    order_id: Identifier


class ChargeService:
    """Charges cards.

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

    def charge(self, given: ChargeInput) -> ChargeOutcome:
        """Charge the card of an order; return the stored outcome where it was charged before.

        Raises stripe.StripeError where Stripe does not answer, and UnresolvedPaymentError while Stripe itself does not
        know the result. The card may then be charged or not; the same command again finds out.
        """
        payment = self._open_payment(given)
        if payment.status is PaymentStatus.PENDING:
            return self._charge(payment)
        return self._current_outcome(payment)

    def confirm(self, given: ConfirmInput) -> ConfirmOutcome:
        """Return the outcome after 3-D Secure, or of a charge whose outcome was lost; raises what ``charge`` raises."""
        payment = self._store.get(given.order_id)
        if payment is None:
            return NoPaymentOutcome()
        return wait_for_rate_limit(lambda: self._current_outcome(payment), self._sleep)

    def _open_payment(self, given: ChargeInput) -> Payment:
        """Store what is going to be charged: a repeated command must be the same call to Stripe."""
        now = int(self._now())
        context = current()
        return self._store.get_or_create(
            Payment(
                order_id=given.order_id,
                status=PaymentStatus.PENDING,
                opened_at=now,
                attempted_at=now,
                user_id=given.user_id,
                amount=given.amount,
                payment_method_id=given.payment_method_id,
                correlation_id=context.correlation_id,
                causation_id=context.causation_id,
            )
        )

    def _charge(self, payment: Payment) -> ChargeOutcome:
        if not payment.is_key_valid_at(int(self._now())):
            # Stripe may have forgotten the key: a call under it could charge again.
            return self._current_outcome(self._store.update(payment, Payment.cancelled))
        try:
            intent = self._gateway.charge(payment)
        except StuckIdempotencyKeyError:
            return self._charge_with_next_key(payment)
        return self._record(payment, intent)

    def _charge_with_next_key(self, payment: Payment) -> ChargeOutcome:
        """Continue after a stored error of Stripe: with the intent that it created, if any, else under a new key."""
        logger.warning("Stripe repeats an error; looking for the charge", order_id=payment.order_id)
        found = self._gateway.find_intent(payment.order_id, since=payment.opened_at)
        if found and found.is_conclusive:
            return self._record(payment, found)
        if found:
            self._gateway.cancel_intent(found.intent_id)
        stuck_attempt, now = payment.attempt, int(self._now())
        payment = self._store.update(payment, lambda payment: payment.with_next_key(stuck_attempt, now))
        if payment.status is not PaymentStatus.PENDING:
            return self._current_outcome(payment)
        return self._record(payment, self._gateway.charge(payment))

    def _record(self, payment: Payment, result: PaymentIntent | RejectedCharge) -> ChargeOutcome:
        if isinstance(result, RejectedCharge):
            return charge_outcome(self._reconciler.record_decline(payment, result.decline_code))
        payment = self._reconciler.reconcile(result, payment)
        if payment.was_cancelled_during_charge(result):
            payment = self._reconciler.reconcile(self._gateway.cancel_intent(result.intent_id), payment)
        return charge_outcome(payment, result)

    def _current_outcome(self, payment: Payment) -> ChargeOutcome:
        if payment.status is not PaymentStatus.REQUIRES_ACTION or payment.payment_intent_id is None:
            return charge_outcome(payment)
        intent = self._gateway.retrieve_intent(payment.payment_intent_id)
        return charge_outcome(self._reconciler.reconcile(intent, payment), intent)

"""Charging a card for an order: once, whatever is repeated, and whatever dies meanwhile."""

import time
from collections.abc import Callable

from bus.context import current
from bus.log import logger
from schemas.contract import Contract, Identifier, Money
from services.payment.answers import ChargeAnswer, charge_answer
from services.payment.domain import Intent, Payment, Status
from services.payment.gateway import Gateway, Refusal, SpoiledKeyError
from services.payment.settlement import Settlement
from services.payment.store import PaymentStore


class ChargeInput(Contract):
    """An order to be paid."""

    order_id: Identifier
    user_id: Identifier
    payment_method_id: Identifier
    amount: Money


class ConfirmInput(Contract):
    """An order whose shopper has been through 3-D Secure."""

    order_id: Identifier


class UnknownPaymentError(LookupError):
    """Nobody has begun to pay for this order."""


class Charging:
    """Charges.

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

    def charge(self, given: ChargeInput) -> ChargeAnswer:
        """Charge the card, or answer what came of it before.

        Raises stripe.StripeError where Stripe does not answer: the card may be charged or not, and the
        same command again finds out. Raises UnsettledError while Stripe itself does not know.
        """
        payment = self._opened(given)
        if payment.status is Status.PENDING:
            return self._charge(payment)
        return self._answer(payment)

    def confirm(self, given: ConfirmInput) -> ChargeAnswer:
        """Find out how 3-D Secure ended; raises UnknownPaymentError, and what ``charge`` raises."""
        payment = self._store.get(given.order_id)
        if payment is None:
            raise UnknownPaymentError(given.order_id)
        return self._answer(payment)

    def _opened(self, given: ChargeInput) -> Payment:
        """Write down what is going to be charged: a repeated call must be the same call to Stripe."""
        now = int(self._now())
        context = current()
        return self._store.open(
            Payment(
                order_id=given.order_id,
                status=Status.PENDING,
                opened_at=now,
                attempted_at=now,
                user_id=given.user_id,
                amount=given.amount,
                payment_method_id=given.payment_method_id,
                correlation_id=context.correlation_id,
                causation_id=context.causation_id,
            )
        )

    def _charge(self, payment: Payment) -> ChargeAnswer:
        if not payment.key_is_trusted(int(self._now())):
            # Stripe may have forgotten the key: to ask again could charge again.
            return self._answer(self._store.change(payment, Payment.closed))
        try:
            intent = self._gateway.charge(payment)
        except SpoiledKeyError:
            return self._charge_anew(payment)
        return self._settled(payment, intent)

    def _charge_anew(self, payment: Payment) -> ChargeAnswer:
        """Go on after an error of Stripe's own: with the intent it made nevertheless, else under another key."""
        logger.warning("Stripe repeats an error; looking for the charge", order_id=payment.order_id)
        found = self._gateway.find(payment.order_id, since=payment.opened_at)
        if found and found.is_conclusive:
            return self._settled(payment, found)
        if found:
            self._gateway.cancel(found.intent_id)
        spoiled, now = payment.attempt, int(self._now())
        payment = self._store.change(payment, lambda payment: payment.tried_anew(spoiled, now))
        if payment.status is not Status.PENDING:
            return self._answer(payment)
        return self._settled(payment, self._gateway.charge(payment))

    def _settled(self, payment: Payment, intent: Intent | Refusal) -> ChargeAnswer:
        if isinstance(intent, Refusal):
            return charge_answer(self._settlement.decline(payment, intent.decline_code))
        payment = self._settlement.settle(intent, payment)
        if payment.status is Status.CANCELLED and intent.status != "canceled":
            # It was closed while Stripe was at work: nobody waits for this intent any more.
            payment = self._settlement.settle(self._gateway.cancel(intent.intent_id), payment)
        return charge_answer(payment, intent)

    def _answer(self, payment: Payment) -> ChargeAnswer:
        if payment.status is not Status.REQUIRES_ACTION or payment.payment_intent_id is None:
            return charge_answer(payment)
        intent = self._gateway.retrieve(payment.payment_intent_id)
        return charge_answer(self._settlement.settle(intent, payment), intent)

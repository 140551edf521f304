"""The outcomes that the commands return; the caller routes by ``outcome``."""

from typing import Literal

from schemas.contract import Contract, Identifier, Money
from services.payment.declines import CANCELLED, GENERIC_DECLINE, message_for, public_code
from services.payment.domain import Payment, PaymentIntent, PaymentStatus


class PaidOutcome(Contract):
    """The card was charged.

    Attributes:
        payment_intent_id: Stripe's id.
        event_id: of the PaymentSucceeded, which causes what follows.
    """

    outcome: Literal["PAID"] = "PAID"
    payment_intent_id: Identifier
    event_id: str


class DeclinedOutcome(Contract):
    """The card was not charged and will not be.

    Attributes:
        decline_code: public; see ``declines.py``.
        message: for the shopper.
    """

    outcome: Literal["DECLINED"] = "DECLINED"
    decline_code: str
    message: str


class RequiresActionOutcome(Contract):
    """The bank requires 3-D Secure, for which the browser needs the secret."""

    outcome: Literal["REQUIRES_ACTION"] = "REQUIRES_ACTION"
    payment_intent_id: Identifier
    client_secret: str


class NoPaymentOutcome(Contract):
    """The order has no payment: nothing was tried to charge for it."""

    outcome: Literal["NO_PAYMENT"] = "NO_PAYMENT"


class RefundedOutcome(Contract):
    """The amount is refunded."""

    outcome: Literal["REFUNDED"] = "REFUNDED"
    refund_id: Identifier
    amount: Money


class RefundPendingOutcome(Contract):
    """Stripe has not made the refund yet. It is recorded, and the sweeper tries again until it has a result."""

    outcome: Literal["PENDING"] = "PENDING"


class NothingToRefundOutcome(Contract):
    """The card was not charged and will not be, or all of the payment was refunded before."""

    outcome: Literal["NOTHING_TO_REFUND"] = "NOTHING_TO_REFUND"


class RefundRefusedOutcome(Contract):
    """The amount cannot be refunded; the message is for staff."""

    outcome: Literal["REFUSED"] = "REFUSED"
    message: str


ChargeOutcome = PaidOutcome | DeclinedOutcome | RequiresActionOutcome
ConfirmOutcome = ChargeOutcome | NoPaymentOutcome
RefundOutcome = RefundedOutcome | RefundPendingOutcome | NothingToRefundOutcome | RefundRefusedOutcome


class UnresolvedPaymentError(Exception):
    """It is not known yet whether the card is charged. The same command again finds out."""


def charge_outcome(payment: Payment, intent: PaymentIntent | None = None) -> ChargeOutcome:
    """Return the outcome of a payment.

    Parameters:
        payment: as it is now.
        intent: its PaymentIntent, where Stripe was asked.

    Raises UnresolvedPaymentError while there is no outcome.
    """
    match payment.status:
        case PaymentStatus.SUCCEEDED if payment.refundable.amount == 0:
            # All of it was refunded: what it was to pay for must not be sent.
            return _declined(CANCELLED)
        case PaymentStatus.SUCCEEDED if payment.payment_intent_id and payment.event_id:
            return PaidOutcome(payment_intent_id=payment.payment_intent_id, event_id=payment.event_id)
        case PaymentStatus.FAILED:
            return _declined(payment.decline_code or GENERIC_DECLINE)
        case PaymentStatus.CANCELLED:
            return _declined(CANCELLED)
        case PaymentStatus.REQUIRES_ACTION if intent and intent.status == "requires_action" and intent.client_secret:
            return RequiresActionOutcome(payment_intent_id=intent.intent_id, client_secret=intent.client_secret)
    raise UnresolvedPaymentError(f"the payment of {payment.order_id} is {intent.status if intent else payment.status}")


def _declined(decline_code: str) -> DeclinedOutcome:
    return DeclinedOutcome(decline_code=public_code(decline_code), message=message_for(decline_code))

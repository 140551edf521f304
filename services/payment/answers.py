"""What the commands answer: outcomes, which the state machine routes."""

from typing import Literal

from schemas.contract import Contract, Identifier, Money
from services.payment.declines import CANCELLED, sentence_for, told
from services.payment.domain import Intent, Payment, Status


class Paid(Contract):
    """The card was charged.

    Attributes:
        event_id: of the PaymentSucceeded that tells of it, the cause of what follows.
    """

    outcome: Literal["PAID"] = "PAID"
    payment_intent_id: Identifier
    event_id: str


class Declined(Contract):
    """The card was not charged and will not be; the message is for the shopper."""

    outcome: Literal["DECLINED"] = "DECLINED"
    decline_code: str
    message: str


class RequiresAction(Contract):
    """The bank wants to ask the shopper first; the browser needs the secret for that."""

    outcome: Literal["REQUIRES_ACTION"] = "REQUIRES_ACTION"
    payment_intent_id: Identifier
    client_secret: str


class Refunded(Contract):
    """The money is on its way back."""

    outcome: Literal["REFUNDED"] = "REFUNDED"
    refund_id: Identifier
    amount: Money


class NothingToRefund(Contract):
    """Nothing was charged, and nothing will be; or all of it was given back before."""

    outcome: Literal["NOTHING_TO_REFUND"] = "NOTHING_TO_REFUND"


class Refused(Contract):
    """The money cannot be given back; the message is for staff."""

    outcome: Literal["REFUSED"] = "REFUSED"
    message: str


ChargeAnswer = Paid | Declined | RequiresAction
RefundAnswer = Refunded | NothingToRefund | Refused


class UnsettledError(Exception):
    """It is not known yet whether the card is charged: a fault, the same command again finds out."""


def charge_answer(payment: Payment, intent: Intent | None = None) -> ChargeAnswer:
    """Return the outcome of a payment; raises UnsettledError while there is none.

    Parameters:
        payment: as it is now.
        intent: its PaymentIntent as Stripe has it, where Stripe was asked.
    """
    match payment.status:
        case Status.SUCCEEDED if payment.left.amount == 0:
            # All of it went back already: what it was to pay for must not be sent.
            return _declined(CANCELLED)
        case Status.SUCCEEDED if payment.payment_intent_id and payment.event_id:
            return Paid(payment_intent_id=payment.payment_intent_id, event_id=payment.event_id)
        case Status.FAILED:
            return _declined(payment.decline_code or "generic_decline")
        case Status.CANCELLED:
            return _declined(CANCELLED)
        case Status.REQUIRES_ACTION if intent and intent.status == "requires_action" and intent.client_secret:
            return RequiresAction(payment_intent_id=intent.intent_id, client_secret=intent.client_secret)
    raise UnsettledError(f"the payment of {payment.order_id} is {intent.status if intent else payment.status}")


def _declined(decline_code: str) -> Declined:
    return Declined(decline_code=told(decline_code), message=sentence_for(decline_code))

"""What the commands answer, and what the shopper reads."""

import pytest

from services.payment.declines import CONFIDENTIAL, DEFAULT_MESSAGE, MESSAGES, message_for, public_code
from services.payment.domain import Payment, PaymentIntent, PaymentStatus
from services.payment.outcomes import (
    DeclinedOutcome,
    PaidOutcome,
    RequiresActionOutcome,
    UnresolvedPaymentError,
    charge_outcome,
)


def test_a_paid_order_answers_with_the_event_that_told_of_it(pending: Payment) -> None:
    paid = pending.model_copy(update={"status": PaymentStatus.SUCCEEDED, "payment_intent_id": "pi_1", "event_id": "e"})

    assert charge_outcome(paid) == PaidOutcome(payment_intent_id="pi_1", event_id="e")


def test_a_cancelled_payment_is_declined(pending: Payment) -> None:
    answer = charge_outcome(pending.model_copy(update={"status": PaymentStatus.CANCELLED}))

    assert isinstance(answer, DeclinedOutcome)
    assert answer.decline_code == "payment_cancelled"


@pytest.mark.parametrize("status", ["processing", "requires_confirmation"])
def test_an_intent_that_stripe_is_at_work_on_has_no_outcome(
    pending: Payment, succeeded: PaymentIntent, status: str
) -> None:
    with pytest.raises(UnresolvedPaymentError):
        charge_outcome(pending, succeeded.model_copy(update={"status": status}))


def test_an_approval_needs_the_secret(pending: Payment, succeeded: PaymentIntent) -> None:
    waiting = pending.model_copy(update={"status": PaymentStatus.REQUIRES_ACTION})
    asking = succeeded.model_copy(update={"status": "requires_action", "client_secret": "pi_1_secret"})

    assert charge_outcome(waiting, asking) == RequiresActionOutcome(
        payment_intent_id="pi_1", client_secret="pi_1_secret"
    )
    with pytest.raises(UnresolvedPaymentError):
        charge_outcome(waiting)


@pytest.mark.parametrize("code", sorted(CONFIDENTIAL))
def test_what_is_for_the_bank_alone_is_told_to_nobody(code: str) -> None:
    assert public_code(code) == "generic_decline"
    assert message_for(code) == DEFAULT_MESSAGE
    assert code not in MESSAGES


def test_a_code_that_nobody_knows_still_gets_a_sentence() -> None:
    assert message_for("a_code_of_next_year") == DEFAULT_MESSAGE

"""What the commands answer, and what the shopper reads."""

import pytest

from services.payment.answers import Declined, Paid, RequiresAction, UnsettledError, charge_answer
from services.payment.declines import ANY_OTHER, CONFIDENTIAL, SENTENCES, sentence_for, told
from services.payment.domain import Intent, Payment, Status


def test_a_paid_order_answers_with_the_event_that_told_of_it(pending: Payment) -> None:
    paid = pending.model_copy(update={"status": Status.SUCCEEDED, "payment_intent_id": "pi_1", "event_id": "e"})

    assert charge_answer(paid) == Paid(payment_intent_id="pi_1", event_id="e")


def test_a_cancelled_payment_is_declined(pending: Payment) -> None:
    answer = charge_answer(pending.model_copy(update={"status": Status.CANCELLED}))

    assert isinstance(answer, Declined)
    assert answer.decline_code == "payment_cancelled"


@pytest.mark.parametrize("status", ["processing", "requires_confirmation"])
def test_an_intent_that_stripe_is_at_work_on_has_no_outcome(pending: Payment, succeeded: Intent, status: str) -> None:
    with pytest.raises(UnsettledError):
        charge_answer(pending, succeeded.model_copy(update={"status": status}))


def test_an_approval_needs_the_secret(pending: Payment, succeeded: Intent) -> None:
    waiting = pending.model_copy(update={"status": Status.REQUIRES_ACTION})
    asking = succeeded.model_copy(update={"status": "requires_action", "client_secret": "pi_1_secret"})

    assert charge_answer(waiting, asking) == RequiresAction(payment_intent_id="pi_1", client_secret="pi_1_secret")
    with pytest.raises(UnsettledError):
        charge_answer(waiting)


@pytest.mark.parametrize("code", sorted(CONFIDENTIAL))
def test_what_is_for_the_bank_alone_is_told_to_nobody(code: str) -> None:
    assert told(code) == "generic_decline"
    assert sentence_for(code) == ANY_OTHER
    assert code not in SENTENCES


def test_a_code_that_nobody_knows_still_gets_a_sentence() -> None:
    assert sentence_for("a_code_of_next_year") == ANY_OTHER

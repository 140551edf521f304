"""What a shopper reads of a checkout without an order is the same on the page and in an e-mail."""

from typing import get_args

import pytest

from schemas.checkout import CheckoutFailed, FailureReason
from services.checkout.domain import ABANDONED, SUPERSEDED, Checkout, CheckoutOutcome
from services.checkout.responses import problem_for

DECLINED = CheckoutOutcome(outcome="DECLINED", decline_code="expired_card", message="Your card has expired.")


@pytest.mark.parametrize(
    "outcome",
    [*(CheckoutOutcome(outcome=reason) for reason in get_args(FailureReason)), DECLINED, ABANDONED, SUPERSEDED],
)
def test_page_and_e_mail_have_their_sentence_from_one_table(checkout: Checkout, outcome: CheckoutOutcome) -> None:
    (event,) = checkout.events_for(outcome, answered=False)

    assert isinstance(event, CheckoutFailed)
    assert event.message
    assert event.message == problem_for(outcome).detail

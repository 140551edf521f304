"""What becomes of a payment."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Money
from schemas.payment import PaymentFailed, PaymentRefunded, PaymentSucceeded
from services.payment.domain import (
    FOLLOWERS,
    KEY_SECONDS,
    Change,
    ForeignError,
    Intent,
    NotChargedError,
    Payment,
    Refund,
    RefundEntry,
    Status,
)

DOCUMENT = {
    "id": "pi_1",
    "status": "requires_payment_method",
    "amount": 5499,
    "currency": "usd",
    "client_secret": "pi_1_secret",
    "metadata": {"orderId": "order-1", "userId": "ada", "correlationId": "c"},
    "last_payment_error": {"code": "card_declined", "decline_code": "insufficient_funds"},
}


def done(change: Change | None) -> Payment:
    assert change is not None
    return change.after


def in_status(pending: Payment, status: Status) -> Payment:
    return pending.model_copy(update={"status": status, "payment_intent_id": "pi_1"})


def refund(refund_id: str, cents: int, request_id: str | None = None, intent_id: str = "pi_1") -> Refund:
    return Refund(refund_id=refund_id, intent_id=intent_id, amount=Money(amount=cents), request_id=request_id)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.SUCCEEDED])
def test_money_that_was_taken_is_recorded_and_told_from_every_state(
    pending: Payment, succeeded: Intent, status: Status
) -> None:
    change = in_status(pending, status).settled(succeeded)

    assert change is not None
    assert change.after.status is Status.SUCCEEDED
    assert change.event == PaymentSucceeded(
        order_id="order-1", user_id="ada", payment_intent_id="pi_1", amount=Money(amount=5499)
    )


def test_nothing_follows_a_success(pending: Payment, succeeded: Intent) -> None:
    paid = done(pending.settled(succeeded))

    for status in ("succeeded", "requires_payment_method", "requires_action", "canceled", "processing"):
        assert paid.settled(succeeded.model_copy(update={"status": status})) is None
    assert paid.closed() is None
    assert paid.failed("generic_decline") is None
    assert paid.tried_anew(1, 0) is None


@pytest.mark.parametrize(("before", "after"), list(itertools.product(Status, Status)))
def test_stripes_word_moves_a_payment_only_as_the_table_says(
    pending: Payment, succeeded: Intent, before: Status, after: Status
) -> None:
    words = {
        Status.SUCCEEDED: "succeeded",
        Status.REQUIRES_ACTION: "requires_action",
        Status.FAILED: "requires_payment_method",
        Status.CANCELLED: "canceled",
        Status.PENDING: "processing",
    }

    change = in_status(pending, before).settled(succeeded.model_copy(update={"status": words[after]}))

    assert (change is not None) == (after in FOLLOWERS[before])
    if change:
        assert (change.after.status, change.after.sequence) == (after, pending.sequence + 1)


def test_a_failure_is_told_with_a_code_that_may_leave_the_bank(pending: Payment, succeeded: Intent) -> None:
    failed = succeeded.model_copy(update={"status": "requires_payment_method", "decline_code": "stolen_card"})

    change = pending.settled(failed)

    assert change is not None
    assert change.after.decline_code == "stolen_card"
    assert change.event == PaymentFailed(
        order_id="order-1", user_id="ada", amount=Money(amount=5499), decline_code="generic_decline"
    )


def test_another_intent_of_the_order_counts_only_where_it_took_money(pending: Payment, succeeded: Intent) -> None:
    waiting = in_status(pending, Status.REQUIRES_ACTION)
    other = succeeded.model_copy(update={"intent_id": "pi_2"})

    assert waiting.settled(other.model_copy(update={"status": "canceled"})) is None
    assert done(waiting.settled(other)).payment_intent_id == "pi_2"


def test_a_payment_that_was_closed_before_it_was_opened_fails_silently() -> None:
    closed = Payment.never_opened("order-1", at=0)

    assert closed.closed() is None
    assert closed.failed("generic_decline") is None
    assert closed.left == Money(amount=0)


def test_the_key_to_stripe_is_the_order_until_stripe_spoils_it(pending: Payment) -> None:
    anew = done(pending.tried_anew(1, at=7))

    assert pending.idempotency_key == "order-1"
    assert (anew.idempotency_key, anew.attempted_at) == ("order-1-2", 7)
    assert anew.tried_anew(1, at=8) is None


def test_a_key_is_trusted_less_long_than_stripe_keeps_it(pending: Payment) -> None:
    assert pending.key_is_trusted(pending.attempted_at + KEY_SECONDS - 1)
    assert not pending.key_is_trusted(pending.attempted_at + KEY_SECONDS)


def test_a_refund_is_noted_once_by_its_request_and_by_its_id(pending: Payment, succeeded: Intent) -> None:
    paid = done(pending.settled(succeeded))
    asked = done(paid.asked_back("a", RefundEntry(reason="Broken.", correlation_id="c")))

    change = asked.given_back(refund("re_1", 1000, "a"))

    assert asked.asked_back("a", RefundEntry(reason="Again.", correlation_id="d")) is None
    assert change is not None
    assert change.event == PaymentRefunded(
        order_id="order-1",
        user_id="ada",
        refund_id="re_1",
        amount=Money(amount=1000),
        refunded_total=Money(amount=1000),
        fully_refunded=False,
        reason="Broken.",
    )
    assert change.after.given_back(refund("re_1", 1000, "a")) is None
    assert change.after.given_back(refund("re_1", 1000)) is None


def test_a_refund_of_another_intent_is_not_of_this_payment(pending: Payment, succeeded: Intent) -> None:
    paid = done(pending.settled(succeeded))

    assert paid.given_back(refund("re_1", 5499, intent_id="pi_2")) is None


def test_a_refund_before_the_charge_is_known_is_a_fault(pending: Payment) -> None:
    with pytest.raises(NotChargedError):
        pending.given_back(refund("re_1", 1))


@given(parts=st.lists(st.integers(min_value=1, max_value=2000), min_size=1, max_size=6))
def test_refunds_add_up_whatever_their_parts(parts: list[int]) -> None:
    intent = Intent.of({**DOCUMENT, "status": "succeeded", "amount": sum(parts)})
    payment = done(Payment.known_from(intent, at=0).settled(intent))

    for number, cents in enumerate(parts):
        change = payment.given_back(refund(f"re_{number}", cents))
        assert change is not None
        assert isinstance(change.event, PaymentRefunded)
        payment = change.after
        assert change.event.refunded_total.amount == sum(parts[: number + 1])
        assert change.event.fully_refunded == (number == len(parts) - 1)

    assert payment.left == Money(amount=0)


def test_an_intent_is_read_with_why_it_failed() -> None:
    intent = Intent.of(DOCUMENT)

    assert (intent.amount, intent.decline_code, intent.is_conclusive) == (
        Money(amount=5499),
        "insufficient_funds",
        True,
    )


@pytest.mark.parametrize(("status", "conclusive"), [("requires_confirmation", False), ("processing", True)])
def test_an_intent_that_was_never_tried_concludes_nothing(status: str, conclusive: bool) -> None:
    intent = Intent.of({**DOCUMENT, "status": status, "last_payment_error": None})

    assert intent.is_conclusive is conclusive


@pytest.mark.parametrize("metadata", [None, {}, {"orderId": "order-1"}])
def test_an_intent_without_our_metadata_is_foreign(metadata: dict[str, str] | None) -> None:
    with pytest.raises(ForeignError):
        Intent.of({**DOCUMENT, "metadata": metadata})


def test_a_refund_of_a_bare_charge_is_foreign() -> None:
    with pytest.raises(ForeignError):
        Refund.of({"id": "re_1", "payment_intent": None, "amount": 1, "currency": "usd"})

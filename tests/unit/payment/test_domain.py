"""What becomes of a payment."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Money
from schemas.payment import PaymentFailed, PaymentRefundedV2, PaymentSucceeded
from services.payment.domain import (
    IDEMPOTENCY_KEY_SECONDS,
    TRANSITIONS,
    ForeignObjectError,
    NotChargedError,
    NothingToRefundError,
    NotRefundableError,
    Payment,
    PaymentChange,
    PaymentIntent,
    PaymentStatus,
    Refund,
    RefundRecord,
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


def done(change: PaymentChange | None) -> Payment:
    assert change is not None
    return change.after


def in_status(pending: Payment, status: PaymentStatus) -> Payment:
    return pending.model_copy(update={"status": status, "payment_intent_id": "pi_1"})


def refund(refund_id: str, cents: int, request_id: str | None = None, intent_id: str = "pi_1") -> Refund:
    return Refund(refund_id=refund_id, intent_id=intent_id, amount=Money(amount=cents), request_id=request_id)


@pytest.mark.parametrize("status", [status for status in PaymentStatus if status is not PaymentStatus.SUCCEEDED])
def test_money_that_was_taken_is_recorded_and_told_from_every_state(
    pending: Payment, succeeded: PaymentIntent, status: PaymentStatus
) -> None:
    change = in_status(pending, status).with_intent(succeeded)

    assert change is not None
    assert change.after.status is PaymentStatus.SUCCEEDED
    assert change.event == PaymentSucceeded(
        order_id="order-1", user_id="ada", payment_intent_id="pi_1", amount=Money(amount=5499)
    )


def test_nothing_follows_a_success(pending: Payment, succeeded: PaymentIntent) -> None:
    paid = done(pending.with_intent(succeeded))

    for status in ("succeeded", "requires_payment_method", "requires_action", "canceled", "processing"):
        assert paid.with_intent(succeeded.model_copy(update={"status": status})) is None
    assert paid.cancelled() is None
    assert paid.failed("generic_decline") is None
    assert paid.with_next_key(1, 0) is None


@pytest.mark.parametrize(("before", "after"), list(itertools.product(PaymentStatus, PaymentStatus)))
def test_stripes_word_moves_a_payment_only_as_the_table_says(
    pending: Payment, succeeded: PaymentIntent, before: PaymentStatus, after: PaymentStatus
) -> None:
    words = {
        PaymentStatus.SUCCEEDED: "succeeded",
        PaymentStatus.REQUIRES_ACTION: "requires_action",
        PaymentStatus.FAILED: "requires_payment_method",
        PaymentStatus.CANCELLED: "canceled",
        PaymentStatus.PENDING: "processing",
    }

    change = in_status(pending, before).with_intent(succeeded.model_copy(update={"status": words[after]}))

    assert (change is not None) == (after in TRANSITIONS[before])
    if change:
        assert (change.after.status, change.after.sequence) == (after, pending.sequence + 1)


def test_a_failure_is_told_with_a_code_that_may_leave_the_bank(pending: Payment, succeeded: PaymentIntent) -> None:
    failed = succeeded.model_copy(update={"status": "requires_payment_method", "decline_code": "stolen_card"})

    change = pending.with_intent(failed)

    assert change is not None
    assert change.after.decline_code == "stolen_card"
    assert change.event == PaymentFailed(
        order_id="order-1", user_id="ada", amount=Money(amount=5499), decline_code="generic_decline"
    )


def test_another_intent_of_the_order_counts_only_where_it_took_money(
    pending: Payment, succeeded: PaymentIntent
) -> None:
    waiting = in_status(pending, PaymentStatus.REQUIRES_ACTION)
    other = succeeded.model_copy(update={"intent_id": "pi_2"})

    assert waiting.with_intent(other.model_copy(update={"status": "canceled"})) is None
    assert done(waiting.with_intent(other)).payment_intent_id == "pi_2"


def test_a_payment_that_was_closed_before_it_was_opened_fails_silently() -> None:
    closed = Payment.cancelled_before_charge("order-1", at=0)

    assert closed.cancelled() is None
    assert closed.failed("generic_decline") is None
    assert closed.refundable == Money(amount=0)


def test_the_key_to_stripe_is_the_order_until_stripe_spoils_it(pending: Payment) -> None:
    anew = done(pending.with_next_key(1, at=7))

    assert pending.idempotency_key == "order-1"
    assert (anew.idempotency_key, anew.attempted_at) == ("order-1-2", 7)
    assert anew.with_next_key(1, at=8) is None


def test_a_key_is_trusted_less_long_than_stripe_keeps_it(pending: Payment) -> None:
    assert pending.is_key_valid_at(pending.attempted_at + IDEMPOTENCY_KEY_SECONDS - 1)
    assert not pending.is_key_valid_at(pending.attempted_at + IDEMPOTENCY_KEY_SECONDS)


def test_a_refund_is_noted_once_by_its_request_and_by_its_id(pending: Payment, succeeded: PaymentIntent) -> None:
    paid = done(pending.with_intent(succeeded))
    asked = done(paid.refund_requested("a", RefundRecord(reason="DAMAGED", correlation_id="c")))

    change = asked.refunded(refund("re_1", 1000, "a"))

    assert asked.refund_requested("a", RefundRecord(reason="OTHER", correlation_id="d")) is None
    assert change is not None
    assert change.event == PaymentRefundedV2(
        order_id="order-1",
        user_id="ada",
        refund_id="re_1",
        amount=Money(amount=1000),
        refunded_total=Money(amount=1000),
        fully_refunded=False,
        reason="DAMAGED",
        request_id="a",
    )
    assert change.after.refunded(refund("re_1", 1000, "a")) is None
    assert change.after.refunded(refund("re_1", 1000)) is None


def test_a_refund_of_another_intent_is_not_of_this_payment(pending: Payment, succeeded: PaymentIntent) -> None:
    paid = done(pending.with_intent(succeeded))

    assert paid.refunded(refund("re_1", 5499, intent_id="pi_2")) is None


def test_a_refund_before_the_charge_is_known_is_a_fault(pending: Payment) -> None:
    with pytest.raises(NotChargedError):
        pending.refunded(refund("re_1", 1))


@pytest.mark.parametrize("amount", [None, Money(amount=1), Money(amount=4499)])
def test_an_amount_up_to_what_is_left_can_be_refunded(
    pending: Payment, succeeded: PaymentIntent, amount: Money | None
) -> None:
    partly = done(done(pending.with_intent(succeeded)).refunded(refund("re_1", 1000)))

    partly.require_refundable(amount)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (Money(amount=0), "Only 4499 USD"),
        (Money(amount=4500), "Only 4499 USD"),
        (Money(amount=1, currency="EUR"), "was paid in USD"),
    ],
)
def test_any_other_amount_is_refused_with_the_reason(
    pending: Payment, succeeded: PaymentIntent, amount: Money, sentence: str
) -> None:
    partly = done(done(pending.with_intent(succeeded)).refunded(refund("re_1", 1000)))

    with pytest.raises(NotRefundableError, match=sentence):
        partly.require_refundable(amount)


def test_a_payment_that_was_refunded_wholly_has_nothing_left_to_refund(
    pending: Payment, succeeded: PaymentIntent
) -> None:
    wholly = done(done(pending.with_intent(succeeded)).refunded(refund("re_1", 5499)))

    with pytest.raises(NothingToRefundError):
        wholly.require_refundable(None)


def test_a_stored_refund_keeps_the_names_that_the_table_has(pending: Payment, succeeded: PaymentIntent) -> None:
    record = RefundRecord(requested=Money(amount=1000), reason="DAMAGED", correlation_id="c")
    asked = done(done(pending.with_intent(succeeded)).refund_requested("a", record))

    stored = done(asked.refunded(refund("re_1", 1000, "a"))).model_dump(mode="json", exclude_none=True)["refunds"]["a"]

    assert (stored["asked"]["amount"], stored["given"]["amount"]) == (1000, 1000)


@given(parts=st.lists(st.integers(min_value=1, max_value=2000), min_size=1, max_size=6))
def test_refunds_add_up_whatever_their_parts(parts: list[int]) -> None:
    intent = PaymentIntent.from_stripe({**DOCUMENT, "status": "succeeded", "amount": sum(parts)})
    payment = done(Payment.from_intent(intent, at=0).with_intent(intent))

    for number, cents in enumerate(parts):
        change = payment.refunded(refund(f"re_{number}", cents))
        assert change is not None
        assert isinstance(change.event, PaymentRefundedV2)
        payment = change.after
        assert change.event.refunded_total.amount == sum(parts[: number + 1])
        assert change.event.fully_refunded == (number == len(parts) - 1)

    assert payment.refundable == Money(amount=0)


def test_an_intent_is_read_with_why_it_failed() -> None:
    intent = PaymentIntent.from_stripe(DOCUMENT)

    assert (intent.amount, intent.decline_code, intent.is_conclusive) == (
        Money(amount=5499),
        "insufficient_funds",
        True,
    )


@pytest.mark.parametrize(("status", "conclusive"), [("requires_confirmation", False), ("processing", True)])
def test_an_intent_that_was_never_tried_concludes_nothing(status: str, conclusive: bool) -> None:
    intent = PaymentIntent.from_stripe({**DOCUMENT, "status": status, "last_payment_error": None})

    assert intent.is_conclusive is conclusive


@pytest.mark.parametrize("metadata", [None, {}, {"orderId": "order-1"}])
def test_an_intent_without_our_metadata_is_foreign(metadata: dict[str, str] | None) -> None:
    with pytest.raises(ForeignObjectError):
        PaymentIntent.from_stripe({**DOCUMENT, "metadata": metadata})


def test_a_refund_of_a_bare_charge_is_foreign() -> None:
    with pytest.raises(ForeignObjectError):
        Refund.from_stripe({"id": "re_1", "payment_intent": None, "amount": 1, "currency": "usd"})

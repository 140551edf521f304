"""Payments in the table."""

from typing import TYPE_CHECKING

import pytest

from bus.attribute_values import from_item
from bus.optimistic_locking import RetriesExhaustedError, RetryPolicy
from bus.outbox import new_entries
from schemas.contract import Money
from services.payment.domain import Payment, PaymentChange, PaymentIntent, PaymentStatus, Refund
from services.payment.store import PaymentStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def test_what_was_opened_is_read_as_it_was(store: PaymentStore, pending: Payment) -> None:
    assert store.get("order-1") is None
    assert store.get_or_create(pending) == pending
    assert store.get("order-1") == pending


def test_an_order_is_opened_once(store: PaymentStore, pending: Payment) -> None:
    store.get_or_create(pending)

    assert store.get_or_create(pending.model_copy(update={"amount": Money(amount=1)})) == pending


def test_a_change_and_its_event_are_one_write(
    store: PaymentStore, dynamodb: "DynamoDBClient", pending: Payment, succeeded: PaymentIntent
) -> None:
    store.get_or_create(pending)

    after = store.update(pending, lambda payment: payment.with_intent(succeeded))

    item = dynamodb.get_item(TableName="Payments", Key={"orderId": {"S": "order-1"}})["Item"]
    (told,) = new_entries({}, item)
    assert after == store.get("order-1")
    assert (after.status, after.event_id) == (PaymentStatus.SUCCEEDED, told.event_id)
    assert from_item(item)["eventId"] == told.event_id
    assert told.detail_type == "PaymentSucceeded"


def test_a_rule_is_applied_to_what_somebody_else_wrote_meanwhile(
    store: PaymentStore, pending: Payment, succeeded: PaymentIntent
) -> None:
    store.get_or_create(pending)
    paid = store.update(pending, lambda payment: payment.with_intent(succeeded))

    assert store.update(pending, lambda payment: payment.with_intent(succeeded)) == paid
    assert store.update(pending, Payment.cancelled) == paid


def test_a_later_event_keeps_the_id_of_the_success(
    store: PaymentStore, pending: Payment, succeeded: PaymentIntent
) -> None:
    store.get_or_create(pending)
    paid = store.update(pending, lambda payment: payment.with_intent(succeeded))
    refund = Refund(refund_id="re_1", intent_id="pi_1", amount=Money(amount=10))

    after = store.update(paid, lambda payment: payment.refunded(refund))

    assert after.event_id == paid.event_id
    assert store.get("order-1") == after


def test_a_payment_that_changes_all_the_time_is_given_up(
    store: PaymentStore, dynamodb: "DynamoDBClient", pending: Payment
) -> None:
    store.get_or_create(pending)
    impatient = PaymentStore(dynamodb, "Payments", RetryPolicy(seconds=0, attempts=1))

    def overtaken(payment: Payment) -> PaymentChange:
        change = PaymentChange(payment.model_copy(update={"sequence": payment.sequence + 1}))
        store.update(payment, lambda _: change)
        return change

    with pytest.raises(RetriesExhaustedError):
        impatient.update(pending, overtaken)

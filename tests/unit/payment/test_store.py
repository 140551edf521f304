"""Payments in the table."""

from typing import TYPE_CHECKING

import pytest

from bus.attribute_values import from_item
from bus.optimistic_locking import RetriesExhaustedError, RetryPolicy
from bus.outbox import new_entries
from schemas.contract import Money
from services.payment.domain import Change, Intent, Payment, Refund, Status
from services.payment.store import PaymentStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def test_what_was_opened_is_read_as_it_was(store: PaymentStore, pending: Payment) -> None:
    assert store.get("order-1") is None
    assert store.open(pending) == pending
    assert store.get("order-1") == pending


def test_an_order_is_opened_once(store: PaymentStore, pending: Payment) -> None:
    store.open(pending)

    assert store.open(pending.model_copy(update={"amount": Money(amount=1)})) == pending


def test_a_change_and_its_event_are_one_write(
    store: PaymentStore, dynamodb: "DynamoDBClient", pending: Payment, succeeded: Intent
) -> None:
    store.open(pending)

    after = store.change(pending, lambda payment: payment.settled(succeeded))

    item = dynamodb.get_item(TableName="Payments", Key={"orderId": {"S": "order-1"}})["Item"]
    (told,) = new_entries({}, item)
    assert after == store.get("order-1")
    assert (after.status, after.event_id) == (Status.SUCCEEDED, told.event_id)
    assert from_item(item)["eventId"] == told.event_id
    assert told.detail_type == "PaymentSucceeded"


def test_a_rule_is_applied_to_what_somebody_else_wrote_meanwhile(
    store: PaymentStore, pending: Payment, succeeded: Intent
) -> None:
    store.open(pending)
    paid = store.change(pending, lambda payment: payment.settled(succeeded))

    assert store.change(pending, lambda payment: payment.settled(succeeded)) == paid
    assert store.change(pending, Payment.closed) == paid


def test_a_later_event_keeps_the_id_of_the_success(store: PaymentStore, pending: Payment, succeeded: Intent) -> None:
    store.open(pending)
    paid = store.change(pending, lambda payment: payment.settled(succeeded))
    refund = Refund(refund_id="re_1", intent_id="pi_1", amount=Money(amount=10))

    after = store.change(paid, lambda payment: payment.given_back(refund))

    assert after.event_id == paid.event_id
    assert store.get("order-1") == after


def test_a_payment_that_changes_all_the_time_is_given_up(
    store: PaymentStore, dynamodb: "DynamoDBClient", pending: Payment
) -> None:
    store.open(pending)
    impatient = PaymentStore(dynamodb, "Payments", RetryPolicy(seconds=0, attempts=1))

    def overtaken(payment: Payment) -> Change:
        store.change(payment, lambda payment: Change(payment.model_copy(update={"sequence": payment.sequence + 1})))
        return Change(payment.model_copy(update={"sequence": payment.sequence + 1}))

    with pytest.raises(RetriesExhaustedError):
        impatient.change(pending, overtaken)

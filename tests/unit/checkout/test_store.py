"""A checkout is decided once: by the run, by its recovery, or by its compensation."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from bus.attribute_values import from_item
from services.checkout.domain import RUN_SECONDS, UNDECIDED, Checkout, CheckoutOutcome, CheckoutStatus
from services.checkout.store import CheckoutStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from tests.unit.checkout.conftest import Clock

CONFIRMED = CheckoutOutcome(outcome="CONFIRMED")


def events_in(dynamodb: "DynamoDBClient") -> list[str]:
    (item,) = (from_item(item) for item in dynamodb.scan(TableName="Checkouts")["Items"])
    return [entry["detailType"] for entry in json.loads(item.get("outbox", "[]"))]


def test_the_first_request_begins_and_the_second_sees_it(store: CheckoutStore, checkout: Checkout) -> None:
    assert store.create(checkout) is None

    earlier = store.create(checkout)

    assert earlier is not None
    assert earlier.request == checkout.request
    assert not earlier.is_resumable_at(store.now())


def test_a_dead_run_is_taken_over_by_one(store: CheckoutStore, checkout: Checkout, clock: "Clock") -> None:
    store.create(checkout)
    clock.now += RUN_SECONDS
    seen = store.get(checkout.order_id)
    assert seen is not None
    assert seen.is_resumable_at(store.now())

    assert store.acquire_lease(seen)
    clock.now += 1
    assert not store.acquire_lease(seen)


def test_a_run_that_ended_with_a_fault_can_be_repeated_at_once(store: CheckoutStore, checkout: Checkout) -> None:
    store.create(checkout)

    store.release_lease(checkout.order_id)

    seen = store.get(checkout.order_id)
    assert seen is not None
    assert seen.is_resumable_at(store.now())


@pytest.mark.parametrize("first", [CheckoutStatus.COMPLETING, CheckoutStatus.COMPENSATING])
def test_a_checkout_is_either_completed_or_compensated(
    store: CheckoutStore, checkout: Checkout, first: CheckoutStatus
) -> None:
    store.create(checkout)
    second = ({CheckoutStatus.COMPLETING, CheckoutStatus.COMPENSATING} - {first}).pop()

    assert store.decide(checkout.order_id, first, UNDECIDED)
    assert not store.decide(checkout.order_id, second, UNDECIDED)


def test_the_end_is_written_with_its_event(
    store: CheckoutStore, checkout: Checkout, dynamodb: "DynamoDBClient"
) -> None:
    store.create(checkout)

    assert store.finish(checkout, CONFIRMED)

    ended = store.get(checkout.order_id)
    assert ended is not None
    assert (ended.status, ended.settled_outcome, ended.sequence) == (CheckoutStatus.COMPLETED, CONFIRMED, 1)
    assert events_in(dynamodb) == ["CheckoutCompleted"]


@pytest.mark.parametrize("outcome", ["CONFIRMED", "DECLINED"])
def test_an_ended_checkout_has_forgotten_the_address(store: CheckoutStore, checkout: Checkout, outcome: Any) -> None:
    store.create(checkout)

    store.finish(checkout, CheckoutOutcome(outcome=outcome))

    ended = store.get(checkout.order_id)
    assert ended is not None
    assert ended.request is None
    assert ended.fingerprint == checkout.fingerprint


def test_a_checkout_that_waits_keeps_what_it_needs_to_go_on(store: CheckoutStore, checkout: Checkout) -> None:
    store.create(checkout)

    store.finish(checkout, CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret"))

    waiting = store.get(checkout.order_id)
    assert waiting is not None
    assert waiting.open_request == checkout.request


def test_waiting_for_3d_secure_tells_nobody(
    store: CheckoutStore, checkout: Checkout, dynamodb: "DynamoDBClient"
) -> None:
    store.create(checkout)

    store.finish(checkout, CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret"))

    waiting = store.get(checkout.order_id)
    assert waiting is not None
    assert waiting.status is CheckoutStatus.REQUIRES_ACTION
    assert events_in(dynamodb) == []


def test_an_end_that_comes_after_another_changes_nothing(store: CheckoutStore, checkout: Checkout) -> None:
    store.create(checkout)
    store.finish(checkout, CONFIRMED)

    assert not store.finish(checkout, CheckoutOutcome(outcome="DECLINED"))

    ended = store.get(checkout.order_id)
    assert ended is not None
    assert ended.settled_outcome == CONFIRMED


def test_the_quote_that_the_state_machine_writes_is_read(
    store: CheckoutStore, checkout: Checkout, dynamodb: "DynamoDBClient"
) -> None:
    assert checkout.quote is not None
    store.create(checkout.model_copy(update={"quote": None}))
    written = {"outcome": "VALID", **checkout.quote.model_dump(mode="json")}
    dynamodb.update_item(
        TableName="Checkouts",
        Key={"orderId": {"S": checkout.order_id}},
        UpdateExpression="SET quote = :quote",
        ExpressionAttributeValues={":quote": {"S": json.dumps(written)}},
    )

    found = store.get(checkout.order_id)

    assert found is not None
    assert found.quote == checkout.quote

"""A checkout is decided once: by the run, by its recovery, or by its compensation."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from bus.attribute_values import from_item
from services.checkout.domain import RUN_SECONDS, UNDECIDED, Checkout, Outcome, Status
from services.checkout.store import CheckoutStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from tests.unit.checkout.conftest import Clock

CONFIRMED = Outcome(outcome="CONFIRMED")


def events_in(dynamodb: "DynamoDBClient") -> list[str]:
    (item,) = (from_item(item) for item in dynamodb.scan(TableName="Checkouts")["Items"])
    return [entry["detailType"] for entry in json.loads(item.get("outbox", "[]"))]


def test_the_first_request_begins_and_the_second_sees_it(store: CheckoutStore, checkout: Checkout) -> None:
    assert store.begin(checkout) is None

    earlier = store.begin(checkout)

    assert earlier is not None
    assert earlier.request == checkout.request
    assert not earlier.may_go_on_at(store.now())


def test_a_dead_run_is_taken_over_by_one(store: CheckoutStore, checkout: Checkout, clock: "Clock") -> None:
    store.begin(checkout)
    clock.now += RUN_SECONDS
    seen = store.get(checkout.order_id)
    assert seen is not None
    assert seen.may_go_on_at(store.now())

    assert store.take_over(seen)
    clock.now += 1
    assert not store.take_over(seen)


def test_a_run_that_ended_with_a_fault_can_be_repeated_at_once(store: CheckoutStore, checkout: Checkout) -> None:
    store.begin(checkout)

    store.give_up_lease(checkout.order_id)

    seen = store.get(checkout.order_id)
    assert seen is not None
    assert seen.may_go_on_at(store.now())


@pytest.mark.parametrize("first", [Status.COMPLETING, Status.COMPENSATING])
def test_a_checkout_is_either_completed_or_compensated(store: CheckoutStore, checkout: Checkout, first: Status) -> None:
    store.begin(checkout)
    second = ({Status.COMPLETING, Status.COMPENSATING} - {first}).pop()

    assert store.decide(checkout.order_id, first, UNDECIDED)
    assert not store.decide(checkout.order_id, second, UNDECIDED)


def test_the_end_is_written_with_its_event(
    store: CheckoutStore, checkout: Checkout, dynamodb: "DynamoDBClient"
) -> None:
    store.begin(checkout)

    assert store.finish(checkout, CONFIRMED)

    ended = store.get(checkout.order_id)
    assert ended is not None
    assert (ended.status, ended.decided_outcome, ended.sequence) == (Status.COMPLETED, CONFIRMED, 1)
    assert events_in(dynamodb) == ["CheckoutCompleted"]


@pytest.mark.parametrize("outcome", ["CONFIRMED", "DECLINED"])
def test_an_ended_checkout_has_forgotten_the_address(store: CheckoutStore, checkout: Checkout, outcome: Any) -> None:
    store.begin(checkout)

    store.finish(checkout, Outcome(outcome=outcome))

    ended = store.get(checkout.order_id)
    assert ended is not None
    assert ended.request is None
    assert ended.fingerprint == checkout.fingerprint


def test_a_checkout_that_waits_keeps_what_it_needs_to_go_on(store: CheckoutStore, checkout: Checkout) -> None:
    store.begin(checkout)

    store.finish(checkout, Outcome(outcome="REQUIRES_ACTION", client_secret="secret"))

    waiting = store.get(checkout.order_id)
    assert waiting is not None
    assert waiting.wanted == checkout.request


def test_waiting_for_3d_secure_tells_nobody(
    store: CheckoutStore, checkout: Checkout, dynamodb: "DynamoDBClient"
) -> None:
    store.begin(checkout)

    store.finish(checkout, Outcome(outcome="REQUIRES_ACTION", client_secret="secret"))

    waiting = store.get(checkout.order_id)
    assert waiting is not None
    assert waiting.status is Status.REQUIRES_ACTION
    assert events_in(dynamodb) == []


def test_an_end_that_comes_after_another_changes_nothing(store: CheckoutStore, checkout: Checkout) -> None:
    store.begin(checkout)
    store.finish(checkout, CONFIRMED)

    assert not store.finish(checkout, Outcome(outcome="DECLINED"))

    ended = store.get(checkout.order_id)
    assert ended is not None
    assert ended.decided_outcome == CONFIRMED


def test_the_quote_that_the_state_machine_writes_is_read(
    store: CheckoutStore, checkout: Checkout, dynamodb: "DynamoDBClient"
) -> None:
    assert checkout.quote is not None
    store.begin(checkout.model_copy(update={"quote": None}))
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

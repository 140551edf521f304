"""Orders are put once, changed from what was seen, and listed newest first."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bus.attribute_values import from_item
from bus.cursor import InvalidCursorError
from schemas.commands import PlaceOrder
from services.orders.domain import Order, OrderChange
from services.orders.history import SHOPPER, Actor
from services.orders.parcels import ParcelToSend
from services.orders.refund_requests import StaffRefund
from services.orders.statuses import InvalidTransitionError, OrderStatus
from services.orders.store import OrderStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

STAFF = Actor(kind="STAFF", user_id="bob")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def cancelled(order: Order) -> OrderChange:
    return order.cancelled(SHOPPER, "why", NOW)


def shipped(order: Order) -> OrderChange:
    return order.shipped(ParcelToSend(carrier="Post", tracking_number="T1"), NOW, by=STAFF)


def put(store: OrderStore, command: PlaceOrder, at: datetime = NOW) -> Order:
    order, event = Order.placed(command, at)
    assert store.create(order, event)
    return order


def test_an_order_is_put_once_with_its_event(
    store: OrderStore, dynamodb: "DynamoDBClient", place_order: PlaceOrder
) -> None:
    order = put(store, place_order)

    again, event = Order.placed(place_order, NOW + timedelta(hours=1))

    assert not store.create(again, event)
    assert store.get("order-1", "ada") == order
    (item,) = (from_item(item) for item in dynamodb.scan(TableName="Orders")["Items"])
    (entry,) = json.loads(item["outbox"])
    assert (entry["source"], entry["detailType"]) == ("ecom67.orders", "OrderPlaced")
    metadata = json.loads(entry["detail"])["metadata"]
    assert (metadata["correlationId"], metadata["causationId"]) == ("the-request", "the-payment")
    assert "Analytical" not in entry["detail"]


def test_anothers_order_is_not_there_for_a_shopper_but_for_staff(store: OrderStore, place_order: PlaceOrder) -> None:
    order = put(store, place_order)

    assert store.get("order-1", "eve") is None
    assert store.find("order-1") == order


def test_a_change_that_comes_too_late_is_applied_to_the_order_as_it_is(
    store: OrderStore, place_order: PlaceOrder
) -> None:
    seen = put(store, place_order)
    store.update(seen, shipped)

    with pytest.raises(InvalidTransitionError):
        store.update(seen, cancelled)

    found = store.get("order-1", "ada")
    assert found is not None
    assert (found.status, found.sequence) == (OrderStatus.SHIPPED, 2)


def test_a_rule_with_nothing_left_to_do_writes_nothing(store: OrderStore, place_order: PlaceOrder) -> None:
    seen = put(store, place_order)

    assert store.update(seen, lambda order: None) == seen
    assert store.get("order-1", "ada") == seen


def test_a_shoppers_orders_come_newest_first_a_page_at_a_time(store: OrderStore, place_order: PlaceOrder) -> None:
    for number in range(5):
        command = place_order.model_copy(update={"order_id": f"order-{number}"})
        put(store, command, NOW + timedelta(minutes=number))
    put(store, place_order.model_copy(update={"order_id": "foreign", "user_id": "eve"}))

    first, cursor = store.list_by_user("ada", 3, None)
    second, end = store.list_by_user("ada", 3, cursor)

    assert [order.order_id for order in first + second] == [f"order-{number}" for number in (4, 3, 2, 1, 0)]
    assert end is None


def test_a_cursor_of_another_shopper_shows_nothing_of_theirs(store: OrderStore, place_order: PlaceOrder) -> None:
    for number in range(3):
        put(store, place_order.model_copy(update={"order_id": f"order-{number}"}), NOW + timedelta(minutes=number))
    _, cursor = store.list_by_user("ada", 1, None)

    assert store.list_by_user("eve", 10, cursor) == ([], None)


def test_a_forged_cursor_is_refused(store: OrderStore) -> None:
    with pytest.raises(InvalidCursorError):
        store.list_by_user("ada", 10, "not-a-cursor")


def test_erasure_removes_the_address_and_keeps_the_order(store: OrderStore, place_order: PlaceOrder) -> None:
    order = put(store, place_order)

    assert store.erase(order)

    after = store.get("order-1", "ada")
    assert after is not None
    assert (after.status, after.shipping_address, after.lines) == (OrderStatus.CANCELLED, None, order.lines)
    assert not store.erase(after)


NOTED = StaffRefund(reason="OTHER", note="She called.")


def test_erasure_removes_what_staff_wrote_and_keeps_the_request(
    store: OrderStore, dynamodb: "DynamoDBClient", place_order: PlaceOrder
) -> None:
    order = put(store, place_order)
    after = store.update(order, lambda order: order.refund_requested(NOTED, "key-1", NOW, by=STAFF))
    assert after.refund_notes

    store.remove_address(order)

    erased = store.get("order-1", "ada")
    assert erased is not None
    assert (erased.refund_notes, erased.refund_requests) == ({}, after.refund_requests)
    assert "called" not in json.dumps(dynamodb.scan(TableName="Orders")["Items"])
    assert store.update(erased, lambda order: order.refund_requested(NOTED, "key-1", NOW, by=STAFF)) == erased


def test_a_note_that_erasure_has_overtaken_is_not_stored(
    store: OrderStore, dynamodb: "DynamoDBClient", place_order: PlaceOrder
) -> None:
    seen = put(store, place_order)
    store.remove_address(seen)

    after = store.update(seen, lambda order: order.refund_requested(NOTED, "key-1", NOW, by=STAFF))

    assert (after.refund_notes, after.refunds_under_way.amount) == ({}, 5499)
    assert "called" not in json.dumps(dynamodb.scan(TableName="Orders")["Items"])

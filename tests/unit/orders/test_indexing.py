"""Orders from before there were entries are made findable, page by page, and what has entries is left alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from schemas.commands import PlaceOrder
from schemas.order_number import order_number
from services.orders import indexing
from services.orders.domain import Order
from services.orders.history import SHOPPER
from services.orders.order_list import OrderList, Wanted
from services.orders.order_search import OrderSearch
from services.orders.statuses import TRANSITIONS
from services.orders.store import OrderStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEARCH = "OrderSearch"


@pytest.fixture(autouse=True)
def orders(store: OrderStore, order_search: OrderSearch, monkeypatch: pytest.MonkeyPatch) -> OrderList:
    monkeypatch.setattr(indexing, "store", lambda: store)
    monkeypatch.setattr(indexing, "order_search", lambda: order_search)
    monkeypatch.setattr(indexing, "PAGE_SIZE", 2)
    return OrderList(store, order_search)


@pytest.fixture
def old_orders(store: OrderStore, place_order: PlaceOrder, dynamodb: "DynamoDBClient") -> list[Order]:
    """Five orders from before there were entries, one of them cancelled, and one of somebody who was erased."""
    placed = []
    for number in range(5):
        command = place_order.model_copy(update={"order_id": f"order-{number}"})
        order, event = Order.placed(command, NOW - timedelta(hours=number))
        assert store.create(order, event)
        placed.append(order)
    store.update(placed[1], lambda order: order.cancelled(SHOPPER, "why", NOW))
    store.remove_address(placed[4])
    for key in entries(dynamodb):
        dynamodb.delete_item(TableName=SEARCH, Key={name: key[name] for name in ("bucket", "entry")})
    return placed


def entries(dynamodb: "DynamoDBClient") -> list[Any]:
    return dynamodb.scan(TableName=SEARCH)["Items"]


def report_of(place: str | None) -> dict[str, Any]:
    given = {"place": place} if place else {}
    return indexing.index_orders({"context": {"correlationId": "the-request"}, "input": given}, None)


def pages(place: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the reports of all pages from a place on."""
    while True:
        report = report_of(place)
        yield report
        place = report.get("following")
        if place is None:
            return


def found(orders: OrderList, text: str | None = None) -> list[str]:
    return [order.order_id for order in orders.page(Wanted(text=text), 10, None).orders]


def test_old_orders_are_found_by_day_number_and_name_an_erased_one_without_the_name(
    orders: OrderList, old_orders: list[Order], dynamodb: "DynamoDBClient"
) -> None:
    assert found(orders) == []

    reports = list(pages())

    assert found(orders) == [f"order-{number}" for number in range(5)]
    assert found(orders, order_number("order-4")) == ["order-4"]
    assert found(orders, "ada") == [f"order-{number}" for number in range(4)]
    assert max(report["seen"] for report in reports) == 2
    assert sum(report["indexed"] for report in reports) == 5


def test_a_second_walk_writes_nothing(old_orders: list[Order], dynamodb: "DynamoDBClient") -> None:
    list(pages())
    before = entries(dynamodb)

    assert sum(report["indexed"] for report in pages()) == 0
    assert entries(dynamodb) == before


def test_a_walk_that_was_cut_short_goes_on_where_it_was(orders: OrderList, old_orders: list[Order]) -> None:
    walk = pages()
    first, second = next(walk), next(walk)

    rest = list(pages(second["following"]))

    assert first["indexed"] + second["indexed"] + sum(report["indexed"] for report in rest) == 5
    assert len(found(orders)) == 5


@pytest.mark.parametrize("place", ["LOST", "PROCESSING:abc", ":"])
def test_a_place_that_is_none_is_said_to_be_none(place: str) -> None:
    assert report_of(place)["outcome"] == "NO_SUCH_PLACE"


def test_whoever_is_erased_during_the_walk_is_found_by_the_number_alone(
    orders: OrderList, store: OrderStore, old_orders: list[Order], dynamodb: "DynamoDBClient"
) -> None:
    read_before = old_orders[0]
    store.remove_address(read_before)

    store.make_findable(read_before)

    assert found(orders, order_number("order-0")) == ["order-0"]
    assert "ada" not in {entry["entry"]["S"].partition("#")[0] for entry in entries(dynamodb)}


def test_no_order_changes_to_a_status_that_the_walk_has_left() -> None:
    for before, following in TRANSITIONS.items():
        for after in following:
            assert indexing.LIFE.index(before) < indexing.LIFE.index(after)

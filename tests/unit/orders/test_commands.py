"""The commands by which other services show a shopper their orders, and learn where one goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.commands import PlaceOrder
from schemas.order_number import order_number
from services.orders import commands
from services.orders.domain import Order
from services.orders.order_links import OrderLinks
from services.orders.store import OrderStore

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINKS = OrderLinks(lambda: b"the key")


@pytest.fixture(autouse=True)
def orders(store: OrderStore, place_order: PlaceOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "store", lambda: store)
    monkeypatch.setattr(commands, "order_links", lambda: LINKS)
    for number, user_id in enumerate(["ada", "ada", "bob"], start=1):
        command = place_order.model_copy(update={"order_id": f"order-{number}", "user_id": user_id})
        store.create(*Order.placed(command, at=NOON + timedelta(hours=number)))


def show(**given: Any) -> list[dict[str, Any]]:
    answer = commands.show({"context": {"correlationId": "request"}, "input": given}, None)
    orders: list[dict[str, Any]] = answer["orders"]
    return orders


def test_a_shoppers_orders_are_shown_newest_first_and_without_the_address() -> None:
    shown = show(userId="ada")

    assert [order["orderId"] for order in shown] == ["order-2", "order-1"]
    assert all("shippingAddress" not in order and "userId" not in order for order in shown)
    assert [order["orderId"] for order in show(userId="ada", limit=1)] == ["order-2"]


def test_an_order_is_shown_by_the_number_that_its_shopper_reads() -> None:
    number = order_number("order-1")

    assert [(order["orderId"], order["orderNumber"]) for order in show(userId="ada", orderId=number)] == [
        ("order-1", number)
    ]
    assert [order["orderId"] for order in show(userId="ada", orderId=number.lower())] == ["order-1"]
    assert show(userId="bob", orderId=number) == []


def test_another_shoppers_order_is_not_there() -> None:
    assert show(userId="ada", orderId="order-3") == []
    assert show(userId="ada", orderId="order-9") == []
    assert [order["orderId"] for order in show(userId="bob", orderId="order-3")] == ["order-3"]


def delivery_address(user_id: str, order_id: str) -> dict[str, Any]:
    given = {"userId": user_id, "orderId": order_id}
    return commands.delivery_address({"context": {"correlationId": "request"}, "input": given}, None)


def test_the_address_of_a_shoppers_order_is_found_with_a_link_to_it(place_order: PlaceOrder) -> None:
    address = place_order.shipping_address.model_dump(mode="json", by_alias=True, exclude_none=True)

    found = delivery_address("ada", "order-1")

    assert (found["outcome"], found["shippingAddress"]) == ("FOUND", address)
    assert LINKS.verify(found["orderLink"].removeprefix("/o/")).order_id == "order-1"


def test_there_is_no_address_of_another_shoppers_order_or_of_an_erased_one(store: OrderStore) -> None:
    order = store.get("order-1", "ada")
    assert order is not None
    assert store.erase(order)

    assert delivery_address("ada", "order-1") == {"outcome": "NONE"}
    assert delivery_address("ada", "order-3") == {"outcome": "NONE"}
    assert delivery_address("ada", "order-9") == {"outcome": "NONE"}

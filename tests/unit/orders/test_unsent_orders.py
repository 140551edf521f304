"""Which orders stand in the way of erasing a shopper."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.commands import PlaceOrder
from services.orders import unsent_orders as command
from services.orders.domain import Order
from services.orders.history import SHOPPER, Actor
from services.orders.parcels import ParcelToSend
from services.orders.store import OrderStore

STAFF = Actor(kind="STAFF", user_id="bob")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_paid_orders_that_are_not_sent_are_counted_and_the_newest_named(
    store: OrderStore, place_order: PlaceOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "store", lambda: store)
    monkeypatch.setattr(command, "MAX_NAMED", 2)
    placed = []
    for number, user_id in enumerate(["ada", "ada", "ada", "ada", "ada", "bob"]):
        given = place_order.model_copy(update={"order_id": f"order-{number}", "user_id": user_id})
        order, event = Order.placed(given, NOW + timedelta(minutes=number))
        store.create(order, event)
        placed.append(order)
    store.update(
        placed[0], lambda order: order.shipped(ParcelToSend(carrier="Post", tracking_number="T1"), NOW, by=STAFF)
    )
    store.update(placed[1], lambda order: order.cancelled(SHOPPER, "why", NOW))

    outcome = command.unsent_orders({"context": {"correlationId": "r"}, "input": {"userId": "ada"}}, None)

    assert outcome["count"] == 3
    assert [order["orderId"] for order in outcome["orders"]] == ["order-4", "order-3"]
    assert outcome["orders"][0]["total"] == {"amount": 5499, "currency": "USD"}

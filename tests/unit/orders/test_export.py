"""A person's share in their export: every order, and nobody else's."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.commands import PlaceOrder
from services.orders import export as exporting
from services.orders.domain import Order
from services.orders.history import Actor
from services.orders.refund_requests import StaffRefund
from services.orders.store import OrderStore

STAFF = Actor(kind="STAFF", user_id="bob")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_an_export_has_all_orders_of_a_person_over_all_pages(
    store: OrderStore, place_order: PlaceOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "store", lambda: store)
    monkeypatch.setattr(exporting, "PAGE_SIZE", 2)
    for number, user_id in enumerate(["ada", "ada", "eve", "ada"]):
        changes = {"order_id": f"order-{number}", "user_id": user_id}
        store.create(*Order.placed(place_order.model_copy(update=changes), NOW))

    def page(**given: str) -> dict[str, Any]:
        command = {"context": {"correlationId": "the-request"}, "input": {"userId": "ada", **given}}
        return exporting.export(command, None)

    first = page()
    second = page(cursor=first["nextCursor"])

    assert {order["orderId"] for order in first["orders"] + second["orders"]} == {"order-0", "order-1", "order-3"}
    assert "nextCursor" not in second
    assert first["orders"][0]["shippingAddress"]["line1"] == "1 Analytical Way"


def test_an_export_has_what_staff_wrote_of_the_person(
    store: OrderStore, place_order: PlaceOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "store", lambda: store)
    order, event = Order.placed(place_order, NOW)
    store.create(order, event)
    noted = StaffRefund(reason="OTHER", note="She called.")
    store.update(order, lambda order: order.refund_requested(noted, "key-1", NOW, by=STAFF))

    share = exporting.export({"context": {"correlationId": "the-request"}, "input": {"userId": "ada"}}, None)

    assert share["orders"][0]["refundNotes"] == ["She called."]

"""The routes of an order's link: no token of Cognito, no address, and no telling why a link leads to nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bus.erased_users import ErasedUsers
from schemas.commands import PlaceOrder
from services.orders import link_api, linked_orders
from services.orders.domain import Order
from services.orders.history import Actor
from services.orders.order_links import OrderLinks
from services.orders.parcels import ParcelToSend
from services.orders.store import OrderStore

STAFF = Actor(kind="STAFF", user_id="bob")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINKS = OrderLinks(lambda: b"the key")
Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def order(store: OrderStore, place_order: PlaceOrder) -> Order:
    order, event = Order.placed(place_order, NOON)
    store.create(order, event)
    return order


@pytest.fixture
def call(store: OrderStore, order: Order, erased_users: ErasedUsers, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr("bus.http.erased_users", lambda: erased_users)
    for module in (link_api, linked_orders):
        monkeypatch.setattr(module, "store", lambda: store)
    monkeypatch.setattr(linked_orders, "order_links", lambda: LINKS)

    def call(route: str, user: str = "", *, staff: bool = False) -> tuple[int, dict[str, Any]]:
        method, path = route.split(" ")
        claims = {"sub": user, **({"cognito:groups": "[staff]"} if staff else {})}
        request = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {},
            "requestContext": {
                "http": {"method": method, "path": path},
                "stage": "$default",
                "requestId": "r",
                **({"authorizer": {"jwt": {"claims": claims}}} if user else {}),
            },
            "isBase64Encoded": False,
        }
        answer = link_api.api(request, None)
        return answer["statusCode"], json.loads(answer["body"] or "{}")

    return call


def test_whoever_has_the_link_sees_the_order_without_its_address(call: Call) -> None:
    status, order = call(f"GET /api/order-links/{LINKS.issue('order-1', 0)}")

    assert (status, order["status"], order["cancellable"]) == (200, "PROCESSING", True)
    assert order["lines"][0]["lineTotal"] == {"amount": 4900, "currency": "USD"}
    assert "Analytical Way" not in json.dumps(order)
    assert "ada" not in json.dumps(order).lower()


def test_a_wrong_a_revoked_and_a_missing_order_look_the_same(call: Call, store: OrderStore, order: Order) -> None:
    revoked = LINKS.issue("order-1", 0)
    store.revoke_links(order)

    answers = [
        call(f"{route.format(token)}")
        for token in ("nonsense", revoked, LINKS.issue("order-9", 0))
        for route in ("GET /api/order-links/{}", "POST /api/order-links/{}/cancel")
    ]

    assert {status for status, _ in answers} == {404}
    assert len({json.dumps(problem, sort_keys=True) for _, problem in answers}) == 1


def test_an_order_is_cancelled_by_its_link_once(call: Call, store: OrderStore) -> None:
    token = LINKS.issue("order-1", 0)

    first = call(f"POST /api/order-links/{token}/cancel")
    second = call(f"POST /api/order-links/{token}/cancel")

    assert first == second == (202, {"orderId": "order-1", "status": "CANCELLED"})
    cancelled = store.find("order-1")
    assert cancelled is not None
    assert [change.status for change in cancelled.history] == ["PROCESSING", "CANCELLED"]
    assert call(f"GET /api/order-links/{token}")[1]["cancellable"] is False


def test_an_order_that_was_shipped_is_not_cancelled_by_its_link(call: Call, store: OrderStore, order: Order) -> None:
    store.update(order, lambda order: order.shipped(ParcelToSend(carrier="UPS", tracking_number="1Z"), NOON, by=STAFF))

    status, problem = call(f"POST /api/order-links/{LINKS.issue('order-1', 0)}/cancel")

    assert (status, problem["code"]) == (409, "NOT_CANCELLABLE")


def test_a_shopper_and_staff_revoke_the_links_that_were_sent_and_nobody_else_does(
    call: Call, store: OrderStore
) -> None:
    token, revoke = LINKS.issue("order-1", 0), "DELETE /api/orders/order-1/links"

    assert call(revoke, "eve")[0] == 404
    assert call(f"GET /api/order-links/{token}")[0] == 200
    assert call(revoke, "ada")[0] == 204
    assert call(f"GET /api/order-links/{token}")[0] == 404
    newer = LINKS.issue("order-1", 1)
    assert call(f"GET /api/order-links/{newer}")[0] == 200
    assert call(revoke, "grace", staff=True)[0] == 204
    assert call(f"GET /api/order-links/{newer}")[0] == 404

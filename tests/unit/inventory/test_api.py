"""The routes, as the HTTP API invokes them."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from services.inventory import api as module
from services.inventory import staff_api

if TYPE_CHECKING:
    from tests.unit.inventory.conftest import Shop


@pytest.fixture(autouse=True)
def inventory_service(shop: "Shop", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "inventory_service", lambda: shop.inventory)
    monkeypatch.setattr(staff_api, "inventory_service", lambda: shop.inventory)
    shop.inventory.create_stock("mug", 10)


def call(method: str, product_id: str, body: object = None, group: str | None = None) -> tuple[int, Any]:
    context: dict[str, Any] = {
        "http": {"method": method, "path": f"/api/stock/{product_id}"},
        "stage": "$default",
        "requestId": "request",
    }
    if group is not None:
        context["authorizer"] = {"jwt": {"claims": {"sub": "person", "cognito:groups": f"[{group}]"}}}
    event = {
        "version": "2.0",
        "routeKey": f"{method} /api/stock/{{productId}}",
        "rawPath": f"/api/stock/{product_id}",
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": context,
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    answer = (module if method == "GET" else staff_api).api(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def test_anyone_reads_what_is_available(shop: "Shop") -> None:
    shop.inventory.reserve("order", {"mug": 4})

    assert call("GET", "mug") == (200, {"productId": "mug", "available": 6})


def test_an_expired_hold_is_available_before_it_is_swept(shop: "Shop") -> None:
    shop.inventory.reserve("order", {"mug": 4})
    shop.clock.expire_holds()

    assert call("GET", "mug") == (200, {"productId": "mug", "available": 10})


def test_staff_counts() -> None:
    assert call("PUT", "mug", {"onHand": 3}, group="staff") == (
        200,
        {"productId": "mug", "onHand": 3, "available": 3, "level": "LOW"},
    )


def test_a_count_below_what_is_held_answers_none_available(shop: "Shop") -> None:
    shop.inventory.reserve("order", {"mug": 4})

    status, body = call("PUT", "mug", {"onHand": 1}, group="staff")

    assert (status, body["available"]) == (200, 0)
    assert call("GET", "mug") == (200, {"productId": "mug", "available": 0})


def test_a_shopper_may_not_count(shop: "Shop") -> None:
    status, body = call("PUT", "mug", {"onHand": 3}, group="")

    assert (status, body["code"]) == (403, "FORBIDDEN")
    assert shop.inventory.get_available("mug") == 10


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_unknown_product_is_not_found(method: str) -> None:
    status, body = call(method, "ghost", {"onHand": 1}, group="staff")

    assert (status, body["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "body",
    [None, {}, {"onHand": -1}, {"onHand": "3"}, {"onHand": 1.5}, {"onHand": True}, {"onHand": 10**9}, {"count": 3}],
)
def test_what_is_not_a_count_is_refused(shop: "Shop", body: object) -> None:
    status, answer = call("PUT", "mug", body, group="staff")

    assert (status, answer["code"]) == (422, "VALIDATION")
    assert shop.inventory.get_available("mug") == 10

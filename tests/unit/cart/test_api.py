"""The routes, as the HTTP API invokes them."""

import base64
import json
from typing import Any

import pytest

from services.cart import api as module
from services.cart.domain import MAX_LINES
from tests.unit.cart.conftest import SHOPPER, Shop, snapshot

Answer = tuple[int, dict[str, Any]]


@pytest.fixture(autouse=True)
def cart_service(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cart_service", lambda: shop.service)
    shop.sell("mug", cents=1299)
    shop.calls.clear()


def call(method: str, path: str, body: object = None, *, text: str | None = None, encoded: bool = False) -> Answer:
    content = text if text is not None else None if body is None else json.dumps(body)
    if encoded and content is not None:
        content = base64.b64encode(content.encode()).decode()
    event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            "requestId": "request",
            "authorizer": {"jwt": {"claims": {"sub": SHOPPER}}},
        },
        "body": content,
        "isBase64Encoded": encoded,
    }
    answer = module.api(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def add(product_id: object = "mug", quantity: object = 1) -> Answer:
    return call("POST", "/api/cart", {"productId": product_id, "quantity": quantity})


def money(cents: int) -> dict[str, Any]:
    return {"amount": cents, "currency": "USD"}


EMPTY = {"lines": [], "subtotal": money(0), "shipping": money(0), "total": money(0)}


def test_an_empty_cart() -> None:
    assert call("GET", "/api/cart") == (200, EMPTY)


def test_a_product_is_added_and_shown() -> None:
    answer = add(quantity=2)

    assert answer == (
        200,
        {
            "lines": [
                {
                    "productId": "mug",
                    "name": "Mug",
                    "quantity": 2,
                    "unitPrice": money(1299),
                    "lineTotal": money(2598),
                    "imageUrl": "/images/mug.svg",
                    "available": 10,
                }
            ],
            "subtotal": money(2598),
            "shipping": money(599),
            "total": money(3197),
        },
    )
    assert call("GET", "/api/cart") == answer


def test_a_body_may_come_in_base64() -> None:
    status, cart = call("POST", "/api/cart", {"productId": "mug", "quantity": 1}, encoded=True)

    assert (status, cart["lines"][0]["quantity"]) == (200, 1)


def test_a_quantity_is_set() -> None:
    add(quantity=2)

    status, cart = call("PUT", "/api/cart/mug", {"quantity": 5})

    assert (status, cart["lines"][0]["quantity"]) == (200, 5)


def test_a_product_is_removed_and_removing_it_again_answers_the_same() -> None:
    add()

    assert call("DELETE", "/api/cart/mug") == (200, EMPTY)
    assert call("DELETE", "/api/cart/mug") == (200, EMPTY)


def test_a_cart_is_emptied() -> None:
    add()

    assert call("DELETE", "/api/cart") == (200, EMPTY)


def test_a_notice_says_what_has_changed(shop: Shop) -> None:
    add(quantity=1)
    shop.products.save_product(snapshot("mug", 1500), sequence=2)

    _, cart = call("GET", "/api/cart")

    assert cart["lines"][0]["notice"] == {"code": "PRICE_CHANGED", "previousPrice": money(1299)}
    assert cart["subtotal"] == money(1500)


def test_what_is_left_is_said() -> None:
    add(quantity=4)

    status, problem = add(quantity=7)

    assert status == 409
    assert (problem["code"], problem["productId"]) == ("OUT_OF_STOCK", "mug")
    assert (problem["requested"], problem["available"]) == (11, 10)


def test_more_than_there_is_cannot_be_set() -> None:
    add()

    status, problem = call("PUT", "/api/cart/mug", {"quantity": 11})

    assert (status, problem["code"], problem["available"]) == (409, "OUT_OF_STOCK", 10)


@pytest.mark.parametrize("status", ["HIDDEN", None])
def test_what_is_not_on_sale_cannot_be_added(shop: Shop, status: str | None) -> None:
    if status:
        shop.products.save_product(snapshot("mug", status="HIDDEN"), sequence=2)
    else:
        shop.products.mark_deleted("mug", sequence=2)

    code, problem = add()

    assert (code, problem["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/cart", {"productId": "ghost", "quantity": 1}),
        ("PUT", "/api/cart/ghost", {"quantity": 1}),
        ("DELETE", "/api/cart/ghost", None),
    ],
)
def test_an_unknown_product_is_not_found(method: str, path: str, body: object) -> None:
    status, problem = call(method, path, body)

    assert (status, problem["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("quantity", [0, -1, 100, 1.5, 2.0, "2", True, None, [], {}, 10**30])
def test_a_quantity_is_a_whole_number_from_1_to_99(shop: Shop, quantity: object) -> None:
    for status, problem in (add(quantity=quantity), call("PUT", "/api/cart/mug", {"quantity": quantity})):
        assert (status, problem["code"]) == (422, "VALIDATION")
        assert any("quantity" in error["path"] for error in problem["errors"])
    assert shop.calls == []


@pytest.mark.parametrize("product_id", ["", "#cart", "!order#1", " mug", "x" * 129, 7, None])
def test_a_product_id_that_cannot_be_one_is_refused(shop: Shop, product_id: object) -> None:
    status, problem = add(product_id)

    assert (status, problem["code"]) == (422, "VALIDATION")
    assert shop.calls == []


@pytest.mark.parametrize("product_id", ["#cart", "%23cart", "!order#1", "%21order"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_tables_own_items_cannot_be_reached(shop: Shop, method: str, product_id: str) -> None:
    add()
    before = shop.items()

    status, _ = call(method, f"/api/cart/{product_id}", {"quantity": 1} if method == "PUT" else None)

    assert status in (404, 422)
    assert shop.items() == before


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"mug"', "{}", '{"productId": "mug"}', '{"quantity": 1}'])
def test_a_body_that_is_none_is_refused(shop: Shop, text: str) -> None:
    status, problem = call("POST", "/api/cart", text=text)

    assert (status, problem["code"]) == (422, "VALIDATION")
    assert shop.calls == []


def test_an_unknown_member_is_refused() -> None:
    status, problem = call("POST", "/api/cart", {"productId": "mug", "quantity": 1, "unitPrice": 1})

    assert (status, problem["code"]) == (422, "VALIDATION")


def test_too_many_units_are_refused_with_the_limit(shop: Shop) -> None:
    shop.products.save_available("mug", 1000, sequence=2)
    add(quantity=99)

    status, problem = add(quantity=1)

    assert (status, problem["code"], problem["limit"]) == (422, "QUANTITY_LIMIT", 99)


@pytest.mark.slow("fills a cart to its limit")
def test_too_many_products_are_refused_with_the_limit(shop: Shop) -> None:
    names = [f"p{number}" for number in range(MAX_LINES)]
    shop.sell_all(names)
    shop.service.merge(SHOPPER, "fill", [(name, 1) for name in names])

    status, problem = add()

    assert (status, problem["code"], problem["limit"]) == (422, "CART_FULL", MAX_LINES)


def test_a_cart_that_is_too_busy_can_be_tried_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    add()
    monkeypatch.setattr(module, "cart_service", lambda: shop.retrying(seconds=0))
    shop.meanwhile = [lambda: shop.service.empty(SHOPPER)]

    status, problem = add()

    assert (status, problem["code"]) == (503, "CART_BUSY")


class TestMerging:
    def merge(self, lines: object, merge_id: object = "merge-1") -> Answer:
        return call("POST", "/api/cart/merge", {"mergeId": merge_id, "lines": lines})

    def test_an_anonymous_cart_is_merged_and_the_dropped_are_named(self) -> None:
        add(quantity=2)
        lines = [{"productId": "mug", "quantity": 3}, {"productId": "ghost", "quantity": 1}]

        status, cart = self.merge(lines)

        assert (status, cart["lines"][0]["quantity"]) == (200, 5)
        assert cart["dropped"] == [{"productId": "ghost", "reason": "UNKNOWN"}]
        assert cart["total"] == money(5 * 1299)
        assert self.merge(lines) == (200, cart)

    def test_an_empty_anonymous_cart_is_merged(self) -> None:
        assert self.merge([]) == (200, EMPTY | {"dropped": []})

    @pytest.mark.parametrize(
        ("merge_id", "lines"),
        [
            ("", []),
            (None, []),
            ("m", None),
            ("m", [{"productId": f"p{number}", "quantity": 1} for number in range(51)]),
            ("m", [{"productId": "mug", "quantity": 0}]),
            ("m", [{"productId": "#cart", "quantity": 1}]),
        ],
    )
    def test_a_merge_that_is_none_is_refused(self, shop: Shop, merge_id: object, lines: object) -> None:
        status, problem = self.merge(lines, merge_id)

        assert (status, problem["code"]) == (422, "VALIDATION")
        assert shop.calls == []

"""What everyone may ask of delivery, as the HTTP API invokes it."""

import json
from typing import Any

import pytest

from services.cart import delivery_api as module
from tests.unit.cart.conftest import Shop, snapshot


@pytest.fixture(autouse=True)
def cart_service(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cart_service", lambda: shop.service)
    shop.sell("mug", cents=1299)
    lamp = snapshot("lamp", 32_900).model_copy(update={"attributes": {"shipping": "freight, contiguous US only"}})
    shop.products.save_product(lamp, sequence=1)
    shop.calls.clear()


def call(method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
    event = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
        "body": json.dumps(body) if body is not None else None,
        "isBase64Encoded": False,
    }
    answer = module.api(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def quote(*products: tuple[str, int], **where: Any) -> dict[str, Any]:
    items = [{"productId": product_id, "quantity": quantity} for product_id, quantity in products]
    status, answer = call("POST", "/api/delivery/quotes", {"country": "US", "products": items, **where})
    assert status == 200, answer
    return answer


def test_a_visitor_is_told_cost_total_and_days_of_each_method(shop: Shop) -> None:
    answer = quote(("mug", 2))

    assert answer["subtotal"]["amount"] == 2598
    assert [
        (option["method"], option["price"]["amount"], option["total"]["amount"]) for option in answer["options"]
    ] == [
        ("standard", 599, 3197),
        ("express", 1499, 4097),
    ]
    assert answer["options"][0] == {
        **answer["options"][0],
        "label": "Standard delivery",
        "freeFrom": {"amount": 5000, "currency": "USD"},
        "earliest": "2026-11-27",
        "latest": "2026-12-01",
    }
    assert answer["countries"][:2] == ["US", "AS"]
    assert not answer["phoneRequired"]
    assert shop.calls == ["BatchGetItem"]


def test_delivery_is_free_from_the_threshold_and_products_that_are_not_sold_cost_nothing() -> None:
    answer = quote(("mug", 3), ("mug", 1), ("unknown", 5))

    assert (answer["subtotal"]["amount"], answer["options"][0]["price"]["amount"]) == (5196, 0)


def test_a_refusal_has_a_code_a_sentence_and_the_products_that_are_the_reason() -> None:
    assert quote(("mug", 1), country="DE")["refusal"]["code"] == "COUNTRY_NOT_SERVED"
    assert quote(("mug", 1), line1="PO Box 7")["refusal"]["code"] == "POST_BOX"
    freight = quote(("mug", 1), ("lamp", 1), region="HI")
    assert (freight["refusal"]["code"], freight["refusal"]["productIds"]) == ("GOODS_NOT_CARRIED", ["lamp"])
    assert (freight["options"], freight["phoneRequired"]) == ([], True)
    assert quote(("lamp", 1), hasPhone=False)["refusal"]["code"] == "PHONE_REQUIRED"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"country": "XX", "products": []},
        {"country": "US", "products": [{"productId": "mug", "quantity": 0}]},
        {"country": "US", "products": [{"productId": "mug", "quantity": 1}] * 51},
    ],
)
def test_a_question_of_another_shape_is_refused(body: dict[str, Any]) -> None:
    status, problem = call("POST", "/api/delivery/quotes", body)

    assert (status, problem["code"]) == (422, "VALIDATION")


def test_the_form_of_a_country_has_its_fields_in_their_order() -> None:
    _, canada = call("GET", "/api/address-formats/CA")
    _, emirates = call("GET", "/api/address-formats/AE")
    _, singapore = call("GET", "/api/address-formats/SG")

    assert canada["fields"] == ["name", "street", "city", "region", "postalCode"]
    assert (canada["regionLabel"], canada["regions"][0]) == ("province", {"code": "AB", "name": "Alberta"})
    assert "postalCode" not in emirates["fields"]
    assert {"code": "إمارة دبيّ", "name": "Dubai"} in emirates["regions"]
    assert "city" not in singapore["fields"]


@pytest.mark.parametrize(("country", "status"), [("XX", 404), ("us", 422), ("USA", 422)])
def test_a_country_that_is_none_has_no_form(country: str, status: int) -> None:
    assert call("GET", f"/api/address-formats/{country}")[0] == status


def test_a_visitor_is_told_the_tax_once_their_region_is_known(shop: Shop) -> None:
    country = quote(("mug", 2), country="CA")
    ontario = quote(("mug", 2), country="CA", region="ON")
    oregon = quote(("mug", 2), region="OR")

    assert country["taxDisplay"] == "AT_CHECKOUT"
    assert "tax" not in country["options"][0]
    assert ontario["taxDisplay"] == "ADDED"
    assert (ontario["options"][0]["tax"]["amount"]["amount"], ontario["options"][0]["total"]["amount"]) == (416, 3613)
    assert oregon["taxDisplay"] == "NONE"

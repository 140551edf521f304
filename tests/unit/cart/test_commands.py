"""The command that checkout's state machine invokes."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.catalog import ProductSnapshot
from schemas.contract import Line, Money
from schemas.orders import OrderPlaced
from services.cart import api, commands
from tests.unit.cart.conftest import SHOPPER, Shop, snapshot


@pytest.fixture(autouse=True)
def cart_service(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "cart_service", lambda: shop.service)
    monkeypatch.setattr(api, "cart_service", lambda: shop.service)
    shop.sell("mug", cents=1299)


PORTLAND = {
    "name": "Ada",
    "line1": "1 Quay",
    "city": "Portland",
    "region": "OR",
    "postalCode": "97201",
    "country": "US",
}
HONOLULU = {**PORTLAND, "city": "Honolulu", "region": "HI", "postalCode": "96815"}
BERLIN = {**PORTLAND, "city": "Berlin", "region": None, "postalCode": "10115", "country": "DE"}


def validate(total: int, currency: str = "USD", **more: Any) -> dict[str, Any]:
    given = {"userId": SHOPPER, "expectedTotal": {"amount": total, "currency": currency}, **more}
    return commands.validate({"context": {"correlationId": "request"}, "input": given}, None)


def test_a_cart_at_the_agreed_total_is_valid(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.calls.clear()

    answer = validate(3197)

    assert answer == {
        "outcome": "VALID",
        "lines": [
            {
                "productId": "mug",
                "name": "Mug",
                "quantity": 2,
                "unitPrice": {"amount": 1299, "currency": "USD"},
                "imageUrl": "/images/mug.svg",
            }
        ],
        "subtotal": {"amount": 2598, "currency": "USD"},
        "shipping": {"amount": 599, "currency": "USD"},
        "total": {"amount": 3197, "currency": "USD"},
        "sequence": 1,
    }
    assert shop.calls == ["Query", "BatchGetItem"]


def test_delivery_is_part_of_the_agreed_total_and_said_with_its_days(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.calls.clear()

    usual = validate(3197, shippingAddress=PORTLAND)
    express = validate(2598 + 1499, shippingAddress=PORTLAND, deliveryMethod="express")

    # The clock of the test stands on a Monday, before the cut-off of the warehouse and three days before Thanksgiving.
    assert usual["delivery"] == {
        "method": "standard",
        "label": "Standard delivery",
        "earliest": "2026-11-27",
        "latest": "2026-12-01",
        "standardPrice": {"amount": 599, "currency": "USD"},
    }
    assert (express["outcome"], express["shipping"]["amount"]) == ("VALID", 1499)
    assert express["delivery"]["earliest"] == "2026-11-24"
    assert express["delivery"]["standardPrice"]["amount"] == 599
    assert validate(3197, shippingAddress=PORTLAND, deliveryMethod="express")["outcome"] == "PRICE_CHANGED"
    assert shop.calls == ["Query", "BatchGetItem"] * 3


@pytest.mark.parametrize(
    ("address", "method", "reason"),
    [
        (BERLIN, None, "COUNTRY_NOT_SERVED"),
        ({**PORTLAND, "region": "AE"}, None, "REGION_NOT_SERVED"),
        ({**PORTLAND, "line2": "PO Box 7"}, None, "POST_BOX"),
        (HONOLULU, "express", "METHOD_NOT_OFFERED"),
        (PORTLAND, "drone", "METHOD_NOT_OFFERED"),
    ],
)
def test_what_cannot_be_delivered_is_refused_whatever_the_total(
    shop: Shop, address: dict[str, Any], method: str | None, reason: str
) -> None:
    shop.service.add(SHOPPER, "mug", 2)

    for total in (3197, 1):
        answer = validate(total, shippingAddress=address, deliveryMethod=method)
        assert (answer["outcome"], answer["reason"]) == ("UNDELIVERABLE", reason)
        assert answer["message"].endswith(".")
        assert "lines" not in answer


def test_freight_that_does_not_go_there_is_named(shop: Shop) -> None:
    shop.products.save_product(freight("lamp"), sequence=1)
    shop.products.save_available("lamp", 5, sequence=1)
    shop.service.add(SHOPPER, "mug", 1)
    shop.service.add(SHOPPER, "lamp", 1)

    refused = validate(1, shippingAddress=HONOLULU)
    without_phone = validate(1, shippingAddress=PORTLAND)

    assert (refused["reason"], refused["lines"]) == ("GOODS_NOT_CARRIED", [{"productId": "lamp", "name": "Lamp"}])
    assert without_phone["reason"] == "PHONE_REQUIRED"
    assert validate(1, shippingAddress={**PORTLAND, "phone": "+15035550100"})["outcome"] == "PRICE_CHANGED"


def test_an_empty_cart_and_what_left_the_shop_are_said_before_the_address(shop: Shop) -> None:
    assert validate(0, shippingAddress=BERLIN) == {"outcome": "EMPTY_CART"}
    shop.service.add(SHOPPER, "mug", 1)
    shop.products.mark_deleted("mug", sequence=2)
    assert validate(0, shippingAddress=BERLIN)["outcome"] == "UNAVAILABLE"


def freight(product_id: str) -> ProductSnapshot:
    return snapshot(product_id, 1000).model_copy(update={"attributes": {"shipping": "freight, contiguous US only"}})


def test_an_erased_shopper_buys_nothing(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.store.erase(SHOPPER)

    assert validate(3197) == {"outcome": "ACCOUNT_ERASED"}


@pytest.mark.parametrize("bought", ["mug", "tea"])
def test_the_order_that_was_taken_out_last_is_named_whatever_was_left_of_it(shop: Shop, bought: str) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.service.remove_purchased(
        OrderPlaced(
            order_id="order",
            user_id=SHOPPER,
            lines=[Line(product_id=bought, name="It", quantity=1, unit_price=Money(amount=1299))],
            subtotal=Money(amount=1299),
            shipping=Money(amount=599),
            total=Money(amount=1898),
            placed_at=shop.clock(),
        )
    )

    answer = validate(1898 if bought == "mug" else 3197)

    assert (answer["outcome"], answer["sequence"], answer["lastOrderId"]) == ("VALID", 2, "order")


def test_an_empty_cart_is_not_bought() -> None:
    assert validate(0) == {"outcome": "EMPTY_CART"}


@pytest.mark.parametrize(("total", "currency"), [(3196, "USD"), (3198, "USD"), (3197, "EUR")])
def test_another_total_is_answered_with_the_cart(shop: Shop, total: int, currency: str) -> None:
    cart = shop.service.add(SHOPPER, "mug", 2)

    answer = validate(total, currency)

    assert answer == {"outcome": "PRICE_CHANGED", "cart": cart.model_dump(mode="json", exclude_none=True)}


def test_a_price_that_rises_after_the_shopper_agreed_is_seen(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.products.save_product(snapshot("mug", 1300), sequence=2)

    answer = validate(3197)

    assert answer["outcome"] == "PRICE_CHANGED"
    assert answer["cart"]["total"]["amount"] == 3199
    assert answer["cart"]["lines"][0]["notice"]["code"] == "PRICE_CHANGED"
    assert validate(3199)["outcome"] == "VALID"


def test_products_that_left_the_shop_are_named(shop: Shop) -> None:
    shop.sell("tea")
    shop.service.add(SHOPPER, "mug", 2)
    shop.service.add(SHOPPER, "tea", 1)
    shop.products.mark_deleted("tea", sequence=2)

    assert validate(3197) == {"outcome": "UNAVAILABLE", "lines": [{"productId": "tea", "name": "Tea"}]}


def test_stock_is_not_judged(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.products.save_available("mug", 0, sequence=2)

    assert validate(3197)["outcome"] == "VALID"


def test_an_input_of_another_shape_is_a_fault() -> None:
    with pytest.raises(ValidationError):
        commands.validate({"context": {"correlationId": "request"}, "input": {"userId": SHOPPER}}, None)


def change(kind: str, quantity: int = 1, agreed: int | None = None, product_id: str = "mug") -> dict[str, Any]:
    given: dict[str, Any] = {"userId": SHOPPER, "change": kind, "productId": product_id, "quantity": quantity}
    if agreed is not None:
        given["agreedPrice"] = {"amount": agreed, "currency": "USD"}
    return commands.change({"context": {"correlationId": "request"}, "input": given}, None)


def test_a_change_that_was_agreed_to_is_made(shop: Shop) -> None:
    assert change("ADD", 2, agreed=1299)["outcome"] == "CHANGED"
    assert change("ADD", 1)["cart"]["total"] == {"amount": 4496, "currency": "USD"}
    assert change("SET", 1)["outcome"] == "CHANGED"
    assert shop.quantities() == {"mug": 1}
    assert change("REMOVE", agreed=1)["outcome"] == "CHANGED"
    assert shop.quantities() == {}


def test_a_change_of_an_erased_shopper_is_refused(shop: Shop) -> None:
    shop.store.erase(SHOPPER)

    assert change("ADD") == {"outcome": "REFUSED", "code": "ACCOUNT_ERASED"}


def test_a_change_that_a_rule_forbids_is_refused_with_the_reason(shop: Shop) -> None:
    assert change("ADD", 1, agreed=999) == {
        "outcome": "REFUSED",
        "code": "PRICE_CHANGED",
        "price": {"amount": 1299, "currency": "USD"},
    }
    assert change("ADD", 11) == {"outcome": "REFUSED", "code": "OUT_OF_STOCK", "limit": 10}
    assert change("SET", product_id="unknown") == {"outcome": "REFUSED", "code": "UNKNOWN_PRODUCT"}
    assert shop.quantities() == {}


TORONTO = {**PORTLAND, "city": "Toronto", "region": "ON", "postalCode": "M5V 3L9", "country": "CA"}


def test_tax_of_the_place_is_part_of_the_agreed_total(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)

    changed = validate(3197, shippingAddress=TORONTO)
    agreed = validate(3197 + 416, shippingAddress=TORONTO)

    assert (changed["outcome"], changed["cart"]["total"]["amount"]) == ("PRICE_CHANGED", 3613)
    assert changed["cart"]["tax"] == agreed["tax"]
    assert agreed["outcome"] == "VALID"
    assert agreed["tax"]["prices"] == "EXCLUSIVE"
    assert agreed["tax"]["rates"] == [
        {
            "name": "HST 13%",
            "rate": 13_000,
            "base": {"amount": 3197, "currency": "USD"},
            "amount": {"amount": 416, "currency": "USD"},
        }
    ]


def test_where_no_tax_is_collected_none_is_named(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)

    assert "tax" not in validate(3197, shippingAddress=PORTLAND)


def test_books_are_taxed_by_their_category(shop: Shop) -> None:
    shop.products.save_product(snapshot("atlas", 5000).model_copy(update={"category": "books"}), sequence=1)
    shop.products.save_available("atlas", 5, sequence=1)
    shop.service.add(SHOPPER, "atlas", 1)

    assert validate(5250, shippingAddress=TORONTO)["tax"]["rates"][0]["name"] == "GST 5%"

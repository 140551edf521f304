"""Which values a product may have."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.catalog.product_input import MAX_CENTS, NewProduct, ReplacedProduct

VALID: dict[str, Any] = {"name": "Lamp", "category": "lighting", "price": {"amount": 2450}}


def faults(**said: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        NewProduct.model_validate(VALID | said)
    return {".".join(map(str, fault["loc"])): fault["msg"] for fault in refused.value.errors()}


def test_a_name_a_category_and_a_price_are_enough() -> None:
    product = NewProduct.model_validate(VALID)
    assert (product.brand, product.description, product.status, product.initial_stock) == ("", "", None, None)


def test_spaces_around_texts_do_not_count() -> None:
    product = NewProduct.model_validate(VALID | {"name": "  Lamp ", "tags": [" desk "]})
    assert (product.name, product.tags) == ("Lamp", ["desk"])


@pytest.mark.parametrize("missing", ["name", "category", "price"])
def test_these_cannot_be_left_out(missing: str) -> None:
    with pytest.raises(ValidationError, match=f"{missing}\n  Field required"):
        NewProduct.model_validate({name: value for name, value in VALID.items() if name != missing})


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 201},
        {"name": "a\x00b"},
        {"name": "a\nb"},
        {"name": "\ud800"},
        {"description": "x" * 5001},
        {"category": ""},
        {"category": "x" * 65},
        {"brand": "x" * 101},
        {"images": ["/a.png"] * 21},
        {"tags": ["a"] * 51},
        {"tags": "a|b"},
        {"attributes": {f"a{number}": "" for number in range(51)}},
        {"status": "active"},
        {"initialStock": -1},
        {"initialStock": 1.0},
        {"initialStock": True},
        {"initialStock": "7"},
        {"productId": "Not A Slug"},
        {"productId": "-a"},
        {"productId": "a" * 129},
        {"surprise": 1},
        {"price": {"amount": 12.5}},
    ],
)
def test_a_value_out_of_bounds_names_its_field(said: dict[str, Any]) -> None:
    assert all(path.partition(".")[0] in said for path in faults(**said))


@pytest.mark.parametrize("text", ["Café crème", "naïve\u00a0space", "茶", "Ünder £5 – “good”"])
def test_people_write_in_more_than_ascii(text: str) -> None:
    assert NewProduct.model_validate(VALID | {"name": text}).name == text


def test_a_description_may_have_lines() -> None:
    assert NewProduct.model_validate(VALID | {"description": "One\r\n\tTwo"}).description == "One\r\n\tTwo"


@pytest.mark.parametrize("amount", [1, MAX_CENTS])
def test_the_lowest_and_the_highest_price(amount: int) -> None:
    assert NewProduct.model_validate(VALID | {"price": {"amount": amount}}).price.amount == amount


@pytest.mark.parametrize("amount", [0, MAX_CENTS + 1])
def test_a_price_beyond_them_is_refused(amount: int) -> None:
    assert faults(price={"amount": amount}) == {"price": f"should be between 1 and {MAX_CENTS} cents"}


def test_the_shop_sells_in_one_currency() -> None:
    assert faults(price={"amount": 1, "currency": "EUR"}) == {"price": "should be in USD, the currency of the shop"}


@pytest.mark.parametrize("amount", [2449, 2450])
def test_what_is_struck_through_is_higher_than_the_price(amount: int) -> None:
    assert faults(compareAtPrice={"amount": amount}) == {"compareAtPrice": "should be higher than the price"}
    assert NewProduct.model_validate(VALID | {"compareAtPrice": {"amount": 2451}}).compare_at_price is not None


@pytest.mark.parametrize(
    "address",
    ["http://cdn.example/a.png", "https://cdn.example/a b.png", "javascript:alert(1)", "//evil.example/a.png", "a.png"],
)
def test_an_image_is_on_the_web_or_in_the_shop(address: str) -> None:
    assert faults(imageUrl=address)["imageUrl"].startswith("should be an https address")


@pytest.mark.parametrize("address", ["https://cdn.example/a.png", "/images/a.svg"])
def test_such_addresses_are_taken(address: str) -> None:
    assert NewProduct.model_validate(VALID | {"imageUrl": address, "images": [address]}).image_url == address


def test_a_product_fits_into_an_event() -> None:
    # Given fields of which each is within its bounds, but not all of them together
    attributes = {f"attribute-{number}": "é" * 500 for number in range(50)}
    # Then the product as a whole is refused
    assert "larger than 32 KiB" in faults(attributes=attributes)[""]


@pytest.mark.parametrize("name", ["initialStock", "stock"])
def test_stock_goes_by_two_names(name: str) -> None:
    assert NewProduct.model_validate(VALID | {name: 7}).initial_stock == 7


def test_a_replacement_has_no_stock() -> None:
    with pytest.raises(ValidationError, match="stock"):
        ReplacedProduct.model_validate(VALID | {"stock": 7})


def test_what_was_read_can_be_sent_back() -> None:
    times = {"createdAt": "2026-11-23T09:30:00.000Z", "updatedAt": "2026-11-23T09:30:00.000Z"}
    assert ReplacedProduct.model_validate(VALID | times | {"productId": "lamp"}).name == "Lamp"

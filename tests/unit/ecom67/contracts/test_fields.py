"""The fields of an event as a flat, readable list."""

from ecom67.contracts.fields import ContractField, fields_of
from schemas.catalog import ProductCreated
from schemas.exporters.draft4 import draft4
from schemas.orders import OrderPlaced


def fields(event: type[OrderPlaced] | type[ProductCreated]) -> dict[str, ContractField]:
    return {field.path: field for field in fields_of(draft4(event), "detail")}


def test_the_fields_of_a_list_s_members_are_told() -> None:
    found = fields(OrderPlaced)

    assert (found["data.lines"].type, found["data.lines"].limits) == ("Line[]", "≥ 1 members")
    assert found["data.lines[].unitPrice.amount"] == ContractField(
        "data.lines[].unitPrice.amount", "integer", True, "0 to 9007199254740991", "Minor units: cents for USD."
    )


def test_what_may_be_left_out_says_what_it_is_then() -> None:
    currency = fields(OrderPlaced)["data.total.currency"]

    assert not currency.required
    assert currency.limits == '^[A-Z]{3}$, "USD" if left out'


def test_the_kinds_of_values_are_told() -> None:
    found = fields(ProductCreated)

    assert {path: found[f"data.{path}"].type for path in ("initialStock", "product", "product.attributes")} == {
        "initialStock": "integer | null",
        "product": "ProductSnapshot",
        "product.attributes": "map of string",
    }
    assert found["data.product.status"].type == "ACTIVE | HIDDEN"
    assert found["data.product.compareAtPrice"].type == "Money | null"
    assert found["data.product.compareAtPrice.amount"].limits == "0 to 9007199254740991"
    assert found["data.product.tags"].type == "string[]"


def test_two_limits_are_told_as_a_range() -> None:
    found = fields(OrderPlaced)

    assert found["data.orderId"].limits == "1 to 128 characters"
    assert found["data.lines[].quantity"].limits == "1 to 999"

"""The commands as checkout invokes them."""

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from services.inventory import commands

if TYPE_CHECKING:
    from tests.unit.inventory.conftest import Shop

CONTEXT = {"correlationId": "the-purchase", "causationId": "the-cause"}


@pytest.fixture(autouse=True)
def inventory_service(shop: "Shop", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "inventory_service", lambda: shop.inventory)
    shop.inventory.create_stock("mug", 3)


def reserve(*lines: tuple[str, int]) -> dict[str, Any]:
    wanted = [{"productId": product, "quantity": quantity, "name": "more than asked"} for product, quantity in lines]
    return commands.reserve({"context": CONTEXT, "input": {"reservationId": "order", "lines": wanted}}, None)


def release() -> dict[str, Any]:
    return commands.release({"context": CONTEXT, "input": {"reservationId": "order"}}, None)


def test_reserved_units_are_answered_with_their_expiry() -> None:
    assert reserve(("mug", 1)) == {"outcome": "RESERVED", "expiresAt": "2027-01-15T08:15:00.000Z"}


def test_the_event_belongs_to_the_purchase(shop: "Shop") -> None:
    reserve(("mug", 1))

    ((_, detail),) = shop.raised(shop.stock_item("mug"))
    assert detail["metadata"]["correlationId"] == "the-purchase"


def test_a_product_in_two_lines_is_added_up() -> None:
    assert reserve(("mug", 2), ("mug", 2)) == {
        "outcome": "OUT_OF_STOCK",
        "lines": [{"productId": "mug", "requested": 4, "available": 3}],
    }


def test_an_unknown_product_is_out_of_stock() -> None:
    assert reserve(("ghost", 1)) == {
        "outcome": "OUT_OF_STOCK",
        "lines": [{"productId": "ghost", "requested": 1, "available": 0}],
    }


def test_a_release_gives_the_units_back_and_may_come_again(shop: "Shop") -> None:
    reserve(("mug", 3))

    assert release() == {"outcome": "RELEASED"}
    assert release() == {"outcome": "RELEASED"}
    assert shop.inventory.get_available("mug") == 3


def test_a_release_of_an_unknown_reservation_leaves_no_trace(shop: "Shop") -> None:
    assert release() == {"outcome": "RELEASED"}
    assert shop.dynamodb.scan(TableName="Reservations")["Count"] == 0


@pytest.mark.parametrize("lines", [[], [("mug", 0)], [(f"product-{number}", 1) for number in range(100)]])
def test_what_no_transaction_can_take_is_a_fault_of_the_caller(lines: list[tuple[str, int]]) -> None:
    with pytest.raises(ValidationError):
        reserve(*lines)


def test_as_many_products_as_a_transaction_takes_are_judged() -> None:
    answer = reserve(*((f"ghost-{number}", 1) for number in range(commands.MAX_LINES)))

    assert len(answer["lines"]) == commands.MAX_LINES


def test_available_units_are_told_without_held_and_unknown_ones() -> None:
    reserve(("mug", 2))

    answer = commands.available({"context": CONTEXT, "input": {"productIds": ["mug", "unknown", "mug"]}}, None)

    assert answer == {"outcome": "KNOWN", "available": {"mug": 1}}
    assert commands.available({"context": CONTEXT, "input": {"productIds": []}}, None)["available"] == {}

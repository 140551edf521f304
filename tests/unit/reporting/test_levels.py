"""The low stock: products with few units, by the newest of the events that tell of them."""

from itertools import permutations
from typing import Any

import pytest

from bus.cursor import InvalidCursorError
from schemas.catalog import ProductCreated, ProductDeleted, ProductSnapshot, ProductUpdated
from schemas.contract import Money
from schemas.inventory import StockChanged
from services.reporting.store import StockLevelStore
from tests.unit.reporting.conftest import NOON, Reporting, message


def product(name: str, product_id: str = "mug") -> ProductSnapshot:
    return ProductSnapshot(
        product_id=product_id,
        name=name,
        description="",
        category="kitchen",
        brand="Own",
        price=Money(amount=1000),
        image_url="/images/mug.svg",
        status="ACTIVE",
        created_at=NOON,
        updated_at=NOON,
    )


def changed(available: int, sequence: int, product_id: str = "mug") -> dict[str, Any]:
    return message(StockChanged(product_id=product_id, available=available, on_hand=available + 1), sequence)


def low(reporting: Reporting, at_most: int = 10) -> list[tuple[str, int]]:
    levels, _ = reporting.levels.low(at_most, 50, None)
    return [(level.name, level.available) for level in levels]


def test_a_product_with_few_units_is_low_until_there_are_more(reporting: Reporting) -> None:
    reporting.receive(message(ProductCreated(product_id="mug", product=product("Mug"))), changed(11, 1))
    assert low(reporting) == []

    reporting.receive(changed(10, 2))
    assert low(reporting) == [("Mug", 10)]
    assert low(reporting, at_most=9) == []

    reporting.receive(changed(11, 3))
    assert low(reporting) == []


def test_an_older_event_changes_nothing(reporting: Reporting) -> None:
    reporting.receive(
        changed(40, 5),
        changed(3, 4),
        message(ProductUpdated(product_id="mug", product=product("New")), 2),
        message(ProductCreated(product_id="mug", product=product("Old")), 1),
        changed(2, 6),
    )

    assert low(reporting) == [("New", 2)]


def test_a_deleted_product_is_not_low_until_it_is_created_again(reporting: Reporting) -> None:
    reporting.receive(
        message(ProductCreated(product_id="mug", product=product("Mug")), 1),
        changed(1, 1),
        message(ProductDeleted(product_id="mug", deleted_at=NOON), 2),
    )
    assert low(reporting) == []
    reporting.receive(changed(0, 2))
    assert low(reporting) == []

    reporting.receive(message(ProductCreated(product_id="mug", product=product("Mug")), 3))
    assert low(reporting) == [("Mug", 0)]


def test_events_of_a_deleted_product_leave_the_same_in_whatever_order_they_come(reporting: Reporting) -> None:
    orders = list(permutations(range(3)))
    for number, order in enumerate(orders):
        product_id = f"mug-{number}"
        told = [
            message(ProductCreated(product_id=product_id, product=product("Mug", product_id)), 1),
            message(ProductUpdated(product_id=product_id, product=product("Cup", product_id)), 2),
            message(ProductDeleted(product_id=product_id, deleted_at=NOON), 3),
        ]
        reporting.receive(changed(2, 2, product_id), *(told[place] for place in order), changed(3, 1, product_id))

    kept = [{name: value for name, value in values.items() if name != "productId"} for values in reporting.levels.all()]
    assert kept == [kept[0]] * len(orders)
    assert kept[0]["available"] == 2
    assert kept[0]["deleted"]


def test_a_product_that_was_never_named_is_called_by_its_id(reporting: Reporting) -> None:
    reporting.receive(changed(1, 1))

    assert low(reporting) == [("mug", 1)]


def test_pages_have_every_product_once_the_fewest_first(reporting: Reporting) -> None:
    reporting.receive(*(changed(number % 11, 1, f"p-{number:02}") for number in range(25)))
    reporting.receive(message(ProductDeleted(product_id="p-03", deleted_at=NOON), 2))

    cursor, pages, found = None, 0, []
    while True:
        levels, cursor = reporting.levels.low(10, 7, cursor)
        found += levels
        pages += 1
        if cursor is None:
            break

    assert len(found) == len({level.product_id for level in found}) == 24
    assert [level.available for level in found] == sorted(level.available for level in found)
    assert pages <= 5


def test_a_cursor_of_another_list_is_refused(reporting: Reporting) -> None:
    # DynamoDB itself answers a start outside of what is queried with an error.
    reporting.receive(*(changed(number, 1, f"p-{number}") for number in range(5)))
    _, cursor = reporting.levels.low(10, 4, None)
    rebuilt = StockLevelStore(reporting.dynamodb, "StockLevels", "rebuilt")

    for levels, at_most in ((reporting.levels, 2), (rebuilt, 10)):
        with pytest.raises(InvalidCursorError):
            levels.low(at_most, 4, cursor)

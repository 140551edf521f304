"""The table keeps what is newest of each side, in whatever order it hears of it."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from services.search.document import ProductDocument
from services.search.store import MANY_UNITS, SearchProductStore
from tests.unit.search.conftest import plain

Held = Callable[[str], ProductDocument | None]


def test_product_and_stock_come_apart_and_make_one_document(products: SearchProductStore) -> None:
    products.set_available("mug", 7, 1)
    found = products.show(plain("mug"), 3)

    assert found == ProductDocument("mug", 2, plain("mug"), 7, 3)
    assert products.documents(["mug", "unknown"]) == {"mug": found}


def test_what_is_older_changes_nothing_and_answers_what_is_there(products: SearchProductStore) -> None:
    newest = products.show(plain("mug", name="New"), 5)

    assert products.show(plain("mug", name="Old"), 4) == newest
    assert products.show(plain("mug", name="Same"), 5) == newest
    assert products.hide("mug", 3) == newest


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_arrival_does_not_matter(products: SearchProductStore, held: Held, order: tuple[int, ...]) -> None:
    changes = [
        lambda: products.show(plain("mug"), 1),
        lambda: products.hide("mug", 2),
        lambda: products.set_available("mug", 3, 1),
        lambda: products.set_available("mug", 9, 2),
    ]
    for number in order:
        changes[number]()

    found = held("mug")
    assert found is not None
    assert (found.product, found.available, found.sequence) == (None, 9, 2)


def test_each_accepted_change_is_a_revision(products: SearchProductStore, held: Held) -> None:
    revisions = [
        products.show(plain("mug"), 1).revision,
        products.set_available("mug", 3, 1).revision,
        products.set_available("mug", 4, 1).revision,
        products.hide("mug", 2).revision,
        products.show(plain("mug"), 3).revision,
    ]

    assert revisions == [1, 2, 2, 3, 4]


@pytest.mark.slow("writes more products than a call takes")
def test_more_products_than_one_call_takes_are_read(products: SearchProductStore) -> None:
    ids = [f"mug-{number}" for number in range(120)]
    for product_id in ids:
        products.set_available(product_id, 1, 1)

    assert products.documents(ids).keys() == set(ids)


def test_of_many_units_search_is_told_that_they_are_many(products: SearchProductStore) -> None:
    assert products.set_available("mug", 500, 1).available == MANY_UNITS
    assert products.set_available("mug", 3, 2).available == 3


def test_an_order_that_leaves_many_units_changes_nothing_that_is_indexed(
    products: SearchProductStore, item: Callable[[str], dict[str, Any]]
) -> None:
    products.show(plain("mug"), 1)
    shown = products.set_available("mug", 500, 1)
    assert "changesIndex" in item("mug")

    assert products.set_available("mug", 499, 2) == shown

    assert "changesIndex" not in item("mug")
    assert item("mug")["stockSequence"] == 2


def test_what_is_older_than_an_unindexed_change_is_still_older(products: SearchProductStore) -> None:
    products.set_available("mug", 500, 1)
    unchanged = products.set_available("mug", 499, 3)

    assert products.set_available("mug", 2, 2) == unchanged


def test_the_last_of_many_units_are_indexed_again_with_whatever_changes_the_product(
    products: SearchProductStore, item: Callable[[str], dict[str, Any]]
) -> None:
    products.set_available("mug", 500, 1)
    products.set_available("mug", 499, 2)

    products.show(plain("mug"), 1)

    assert "changesIndex" in item("mug")
    assert products.set_available("mug", MANY_UNITS - 1, 3).revision == 3

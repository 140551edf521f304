"""Filters and facets, against a count by hand."""

from collections import Counter
from collections.abc import Callable
from itertools import product as combinations

import pytest

from services.search.document import ProductDocument
from services.search.engine import PRICE_BOUNDS, Engine, Filters
from services.search.search_service import SearchParameters, search
from tests.contract.search.products import all_ids, catalogue, document, found, ids

CATALOGUE = [each for each in catalogue() if each.product]
Test = Callable[[ProductDocument], bool]


def conditions(filters: Filters) -> dict[str, Test]:
    """Return what each kind of filter asks of a document."""

    def price(each: ProductDocument) -> int:
        return int(each.fields["price"])

    low = filters.min_price if filters.min_price is not None else 0
    high = filters.max_price if filters.max_price is not None else 10**12
    return {
        "category": lambda each: not filters.categories or each.fields["category_key"] in filters.categories,
        "brand": lambda each: not filters.brands or each.fields["brand_key"] in filters.brands,
        "price": lambda each: low <= price(each) <= high,
        "stock": lambda each: each.available > 0 or not filters.in_stock,
    }


def fitting(documents: list[ProductDocument], filters: Filters, but: str = "") -> list[ProductDocument]:
    tests = [test for kind, test in conditions(filters).items() if kind != but]
    return [each for each in documents if all(test(each) for test in tests)]


def bucket_of(price: int) -> int:
    return max(bound for bound in (0, *PRICE_BOUNDS) if bound <= price)


FILTERS = [
    Filters(),
    Filters(categories=("kitchen",)),
    Filters(categories=("kitchen", "garden")),
    Filters(brands=("Orrelund",)),
    Filters(brands=("Orrelund", "Fennick & Lowe", "nobody's")),
    Filters(min_price=2500),
    Filters(max_price=2499),
    Filters(min_price=2500, max_price=2500),
    Filters(min_price=0, max_price=0),
    Filters(in_stock=True),
    *(
        Filters(categories=categories, brands=brands, min_price=low, in_stock=stocked)
        for categories, brands, low, stocked in combinations(
            (("lighting",), ("bath-and-wellness", "kitchen")),
            (("Stavenholt", "Orrelund"),),
            (None, 4000),
            (False, True),
        )
    ),
    Filters(categories=("no'such\"one",)),
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_facets_are_what_a_count_by_hand_gives(stocked: Engine, filters: Filters) -> None:
    result = found(stocked, "", filters=filters)

    assert result.total == len(fitting(CATALOGUE, filters))
    for kind, facet, field in (
        ("category", result.facets.category, "category_key"),
        ("brand", result.facets.brand, "brand_key"),
    ):
        counted = Counter(each.fields[field] for each in fitting(CATALOGUE, filters, but=kind))
        assert {value: count for value, count in facet.items() if count} == counted, kind
    prices = Counter(bucket_of(each.fields["price"]) for each in fitting(CATALOGUE, filters, but="price"))
    assert {low: count for low, count in result.facets.price.items() if count} == prices


def test_what_is_listed_is_what_fits(stocked: Engine) -> None:
    for filters in FILTERS:
        expected = {each.product_id for each in fitting(CATALOGUE, filters)}
        assert set(all_ids(stocked, "", filters=filters, limit=100)) == expected


def test_facets_are_of_what_the_text_finds(stocked: Engine) -> None:
    everything = search(stocked, SearchParameters("oak", limit=100))

    counted = Counter(hit.product["category"] for hit in everything.hits)
    assert everything.facets.category == counted
    narrowed = found(stocked, "oak", filters=Filters(categories=("garden",)))
    assert narrowed.total == counted["garden"]
    assert narrowed.facets.category == counted


def test_a_filter_does_not_change_the_order_of_what_it_leaves(stocked: Engine) -> None:
    every = all_ids(stocked, "oak", limit=100)
    kept = {each.product_id for each in fitting(CATALOGUE, Filters(in_stock=True))}

    assert all_ids(stocked, "oak", filters=Filters(in_stock=True)) == [each for each in every if each in kept]


def test_a_product_without_a_brand_is_in_no_brand(engine: Engine) -> None:
    engine.write([document("a", brand=""), document("b", brand="Fen")])

    facets = found(engine, "").facets
    assert {value: count for value, count in facets.brand.items() if value} == {"Fen": 1}


def test_stock_decides_what_can_be_bought(engine: Engine) -> None:
    engine.write([document("mug", available=1), document("cup", available=0)])
    only = Filters(in_stock=True)
    assert ids(found(engine, "", filters=only)) == ["mug"]

    engine.write([document("mug", revision=2, available=0), document("cup", revision=2, available=4)])
    assert ids(found(engine, "", filters=only)) == ["cup"]


def test_the_dearest_price_is_a_price(engine: Engine) -> None:
    engine.write([document("it", price={"amount": 10**11})])

    assert found(engine, "", filters=Filters(min_price=10**11)).facets.price[PRICE_BOUNDS[-1]] == 1


def test_no_category_is_missing_from_the_facet(engine: Engine) -> None:
    engine.write([document(f"product-{number}", category=f"category-{number}") for number in range(120)])

    assert len(found(engine, "").facets.category) == 120

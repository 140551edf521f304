"""Queries in words: what they ask for beside products narrows and orders the list, and is told."""

from services.search.engine import NO_FILTERS, Engine, Filters, Sort
from services.search.responses import search_page
from tests.contract.search.products import all_ids, document, found, ids


def test_a_price_in_words_is_a_filter_that_can_be_removed(engine: Engine) -> None:
    engine.write(
        [
            document("cheap", name="Laptop", price={"amount": 90_000}),
            document("dear", name="Laptop", price={"amount": 150_000}),
        ]
    )

    page = found(engine, "laptop under 1000")
    (applied,) = search_page(page, NO_FILTERS, 0).interpretations

    assert ids(page) == ["cheap"]
    assert (applied.kind, applied.amount, applied.words) == ("max-price", 100_000, "under 1000")
    assert sorted(ids(found(engine, applied.query_without))) == ["cheap", "dear"]


def test_words_of_praise_are_not_searched_for(engine: Engine) -> None:
    engine.write([document("laptop", name="Laptop"), document("best", name="Best Mug", description="cheap")])

    assert ids(found(engine, "best cheap laptop")) == ["laptop"]


def test_the_cheapest_of_a_thing_is_none_of_its_accessories(engine: Engine) -> None:
    engine.write(
        [
            document("sleeve", name="Laptop Sleeve", price={"amount": 1000}),
            document("dear", name="Laptop 17", price={"amount": 99_900}),
            document("cheap", name="Laptop 14", price={"amount": 49_900}),
        ]
    )

    assert ids(found(engine, "cheapest laptop")) == ["cheap", "dear"]
    assert all_ids(engine, "cheapest laptop", limit=1) == ["cheap", "dear"]
    assert ids(found(engine, "cheapest laptop", sort=Sort.PRICE_DESC)) == ["dear", "cheap", "sleeve"]


def test_a_colour_has_to_be_that_of_the_product(engine: Engine) -> None:
    engine.write(
        [
            document("named", name="Red Mug"),
            document("attribute", name="Mug", attributes={"colour": "Red"}),
            document("other", name="Blue Mug", description="goes well with red"),
        ]
    )

    page = found(engine, "red mug")

    assert sorted(ids(page)) == ["attribute", "named"]
    assert search_page(page, NO_FILTERS, 0).interpretations[0].value == "red"


def test_a_category_may_be_named_by_whom_it_is_for(engine: Engine) -> None:
    engine.write(
        [
            document("trowel", name="Trowel", category="garden", tags=["gift"]),
            document("pen", name="Pen", category="desk", tags=["gift"]),
        ]
    )

    page = found(engine, "gift for a gardener")

    assert ids(page) == ["trowel"]
    assert search_page(page, NO_FILTERS, 0).interpretations[0].value == "garden"
    assert ids(found(engine, "gift for a gardener", filters=Filters(categories=("desk",)))) == ["pen"]


def test_what_finds_nothing_as_a_filter_is_taken_as_a_word(engine: Engine) -> None:
    engine.write([document("mug", name="Mug", description="with a red handle"), document("tea", category="garden")])

    page = found(engine, "red handle")

    assert ids(page) == ["mug"]
    assert search_page(page, NO_FILTERS, 0).interpretations == []


def test_a_list_read_in_words_is_paged_in_the_same_way(engine: Engine) -> None:
    engine.write(
        [document(f"p{number}", name=f"Red Mug {number}", price={"amount": 100 + number}) for number in range(9)]
    )

    assert len(set(all_ids(engine, "red mug under 50", limit=2))) == 9
    assert all_ids(engine, "cheapest red mug", limit=2) == [f"p{number}" for number in range(9)]

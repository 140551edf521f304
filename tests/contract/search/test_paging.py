"""Sorts and pages: in order, each product once, also while products come, change and go."""

import pytest

from bus.attribute_values import to_item
from bus.cursor import InvalidCursorError, decode_cursor, encode_cursor
from services.search.engine import Engine, Filters, Sort
from tests.contract.search.products import all_ids, catalogue, document, found, ids, mark

PRICES = {each.product_id: each.fields["price"] for each in catalogue()}


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("text", ["", "oak", "stonewre mug set"])
def test_every_product_is_on_one_page(stocked: Engine, sort: Sort, text: str) -> None:
    seen = all_ids(stocked, text, sort=sort, limit=7)

    assert len(seen) == len(set(seen)) == found(stocked, text, sort=sort).total
    assert seen == all_ids(stocked, text, sort=sort, limit=100)


def test_prices_go_up_or_down(stocked: Engine) -> None:
    up = [PRICES[each] for each in all_ids(stocked, "", sort=Sort.PRICE_ASC, limit=50)]
    down = [PRICES[each] for each in all_ids(stocked, "", sort=Sort.PRICE_DESC, limit=50)]

    assert up == sorted(PRICES.values())
    assert down == sorted(PRICES.values(), reverse=True)


def test_the_newest_come_first(engine: Engine) -> None:
    engine.write([document(f"p{day}", created_at=f"2026-11-{day:02}T00:00:00Z") for day in (3, 1, 2)])

    assert ids(found(engine, "", sort=Sort.NEWEST)) == ["p3", "p2", "p1"]


def test_the_last_page_says_so_also_where_it_is_full(engine: Engine) -> None:
    engine.write([document(f"p{number}") for number in range(6)])

    first = found(engine, "mug", limit=3)
    last = found(engine, "mug", limit=3, cursor=first.cursor)
    assert (len(last.hits), last.cursor, last.total) == (3, None, 6)


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_neither_repeat_nor_skip_while_products_come_and_go(engine: Engine, sort: Sort) -> None:
    first = [document(f"old-{number:02}", price={"amount": 1000 + number % 4}) for number in range(16)]
    engine.write(first)
    seen: list[str] = []
    cursor, rounds = None, 0
    while cursor or not rounds:
        result = found(engine, "mug", sort=sort, limit=4, cursor=cursor)
        seen += ids(result)
        cursor = result.cursor
        # What was seen leaves, and what belongs anywhere comes.
        gone = mark(seen[-1], 2)
        fresh = document(f"new-{rounds:02}", price={"amount": 900 + 50 * rounds}, name=f"Stoneware Mug {'x ' * rounds}")
        engine.write([gone, fresh])
        rounds += 1

    assert len(seen) == len(set(seen))
    assert {each.product_id for each in first} <= set(seen)


def test_a_later_page_is_as_tolerant_as_the_first(engine: Engine) -> None:
    engine.write([document(f"p{number}") for number in range(6)])
    first = found(engine, "stonewear mgu", limit=4)
    assert first.total == 6

    # By now something fits as it is written, which the list began without.
    engine.write([document("exact", name="Stonewear Mgu")])

    assert len(found(engine, "stonewear mgu", limit=4, cursor=first.cursor).hits) >= 2


@pytest.mark.parametrize(
    ("position", "sort"),
    [
        ("", Sort.RELEVANCE),
        ("[]", Sort.RELEVANCE),
        ("[1]", Sort.RELEVANCE),
        ('["a", "b", "c"]', Sort.RELEVANCE),
        ("{}", Sort.RELEVANCE),
        ("[NaN, 1e999, {}]", Sort.RELEVANCE),
        ("[1, 2, [3]]", Sort.RELEVANCE),
        ("[[[[[[[", Sort.RELEVANCE),
        ("x", Sort.PRICE_ASC),
        ('"1"', Sort.PRICE_ASC),
        ("[1.5]", Sort.PRICE_ASC),
        ("9" * 40, Sort.PRICE_ASC),
        ("null", Sort.NEWEST),
    ],
)
def test_a_position_that_no_list_gave_out_is_refused(stocked: Engine, position: str, sort: Sort) -> None:
    given = found(stocked, "oak", sort=sort, limit=2).cursor
    assert given
    forged = _with_position(given, position)

    with pytest.raises(InvalidCursorError):
        found(stocked, "oak", sort=sort, limit=2, cursor=forged)


@pytest.mark.parametrize("rarity", ["x", "{}", "[0]", "[-2]", "[1.5]", "[true]", "[101]", '["1"]', "[[[[[[["])
def test_rarities_that_no_list_gave_out_are_refused(stocked: Engine, rarity: str) -> None:
    given = found(stocked, "oak", limit=2).cursor
    assert given
    key = decode_cursor(given, list=str, tolerance=int, rarity=str, learnt=str, after=str)

    with pytest.raises(InvalidCursorError):
        found(stocked, "oak", limit=2, cursor=encode_cursor({**key, **to_item({"rarity": rarity})}))


@pytest.mark.parametrize(
    "learnt", ["x", "[]", '{"oak": "a"}', '{"oak": [1]}', '{"oak": ["a", "b", "c", "d", "e"]}', "[[[[[[["]
)
def test_synonyms_that_no_list_gave_out_are_refused(stocked: Engine, learnt: str) -> None:
    given = found(stocked, "oak", limit=2).cursor
    assert given
    key = decode_cursor(given, list=str, tolerance=int, rarity=str, learnt=str, after=str)

    with pytest.raises(InvalidCursorError):
        found(stocked, "oak", limit=2, cursor=encode_cursor({**key, **to_item({"learnt": learnt})}))


def test_what_is_written_meanwhile_changes_no_score_of_a_list(engine: Engine) -> None:
    engine.write([document(f"p{number}", name=f"Blue Mug {number}") for number in range(12)])
    first = found(engine, "blue mug", limit=4)
    engine.write([document(f"q{number}", name="Mug") for number in range(60)])

    assert len(found(engine, "blue mug", limit=100, cursor=first.cursor).hits) == 8


def test_a_cursor_is_of_one_list(stocked: Engine) -> None:
    cursor = found(stocked, "oak", limit=2).cursor

    others = (
        {"text": "brass"},
        {"text": "oak", "sort": Sort.NEWEST},
        {"text": "oak", "filters": Filters(in_stock=True)},
    )
    for other in others:
        with pytest.raises(InvalidCursorError):
            found(stocked, **other, limit=2, cursor=cursor)
    assert found(stocked, "oak", limit=9, cursor=cursor).hits


def test_a_list_can_be_read_far_down(engine: Engine) -> None:
    engine.write([document(f"p{number:04}", name="Stoneware Mug") for number in range(600)])

    assert len(set(all_ids(engine, "mug", limit=100))) == 600


def test_a_list_of_everything_has_what_is_in_stock_first_and_is_read_page_by_page(engine: Engine) -> None:
    products = [document(f"p{number:03}", available=number % 3) for number in range(90)]
    engine.write(products)

    listed = all_ids(engine, "", limit=7)

    assert sorted(listed) == [each.product_id for each in products]
    available = {each.product_id: each.available > 0 for each in products}
    assert [available[each] for each in listed] == sorted(available.values(), reverse=True)


def _with_position(cursor: str, position: str) -> str:
    key = decode_cursor(cursor, list=str, tolerance=int, rarity=str, learnt=str, after=str)
    return encode_cursor({**key, **to_item({"after": position or " "})})

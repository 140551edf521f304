"""What words of a text are taken for."""

import pytest

from services.search.engine import NO_FILTERS, Filters, Sort
from services.search.interpretation import InterpretationKind, InterpretedText, interpret

CATEGORIES = ["coffee-and-tea", "garden", "kitchen"]


def read(text: str) -> InterpretedText:
    return interpret(text, lambda: CATEGORIES)


def filters(text: str) -> Filters:
    return read(text).narrowed(NO_FILTERS)


@pytest.mark.parametrize(
    ("text", "low", "high", "remaining"),
    [
        ("lamp under 50 dollars", None, 5000, "lamp"),
        ("laptop under 1000", None, 100_000, "laptop"),
        ("laptops below $1,200.50 black", None, 120_050, "laptops black"),
        ("up to 30 EUR mug", None, 3000, "mug"),
        ("lamp no more than 20", None, 2000, "lamp"),
        ("lamp over $100", 10_000, None, "lamp"),
        ("at least 40 dollars a rug", 4000, None, "a rug"),
        ("rug between 20 and 60 dollars", 2000, 6000, "rug"),
        ("rug $20-$60", 2000, 6000, "rug"),
        # A number with a unit is a measure
        ("suitcase under 5 kg", None, None, "suitcase under 5 kg"),
        ("tv over 40 inches", None, None, "tv over 40 inches"),
        ("pour over 2 cups", None, None, "pour over 2 cups"),
        ("bag under 10l", None, None, "bag under 10l"),
        ("cable under 2.5 m", None, None, "cable under 2.5 m"),
        # No price at all
        ("iphone 16", None, None, "iphone 16"),
        ("under desk tray", None, None, "under desk tray"),
        ("rug between 60 and 20", None, None, "rug between 60 and 20"),
        ("lamp under " + "9" * 400, None, None, "lamp under " + "9" * 400),
        ('"under 50"', None, None, '"under 50"'),
    ],
)
def test_a_price_is_read_and_a_measure_is_not(text: str, low: int | None, high: int | None, remaining: str) -> None:
    assert (filters(text).min_price, filters(text).max_price) == (low, high)
    assert read(text).remaining == remaining


@pytest.mark.parametrize(
    ("text", "sort", "remaining"),
    [
        ("cheapest kettle", Sort.PRICE_ASC, "kettle"),
        ("the most expensive rug", Sort.PRICE_DESC, "the rug"),
        ("newest lamps", Sort.NEWEST, "lamps"),
        ("kettle", None, "kettle"),
    ],
)
def test_an_order_is_read(text: str, sort: Sort | None, remaining: str) -> None:
    assert (read(text).sort, read(text).remaining) == (sort, remaining)


@pytest.mark.parametrize(
    ("text", "category", "remaining"),
    [
        ("gift for a gardener", ("garden",), "gift"),
        ("gloves for the garden", ("garden",), "gloves"),
        ("filter for coffee", ("coffee-and-tea",), "filter"),
        ("gift for him", (), "gift for him"),
        ("gardener", (), "gardener"),
        ("bowl for and", (), "bowl for and"),
    ],
)
def test_whom_it_is_for_may_name_a_category(text: str, category: tuple[str, ...], remaining: str) -> None:
    assert (filters(text).categories, read(text).remaining) == (category, remaining)


def test_a_category_that_was_chosen_stays() -> None:
    assert interpret("gift for a gardener", lambda: CATEGORIES, may_choose_category=False).interpretations == ()


@pytest.mark.parametrize(
    ("text", "colours"),
    [("red mug", ("red",)), ("Grey rug", ("gray",)), ("red and blue mug", ()), ("oak lamp", ()), ("reduced", ())],
)
def test_a_colour_is_read_and_still_searched_for(text: str, colours: tuple[str, ...]) -> None:
    assert (filters(text).colours, read(text).remaining) == (colours, text)


def test_filters_that_were_chosen_are_narrowed_and_never_widened() -> None:
    chosen = Filters(min_price=3000, max_price=4000)

    assert read("lamp under 50").narrowed(chosen) == chosen
    assert read("lamp under 35").narrowed(chosen).max_price == 3500
    assert read("lamp over 10").narrowed(chosen) == chosen


def test_each_can_be_removed_by_a_text_without_its_words() -> None:
    interpreted = read("cheapest red mug for a gardener under $50")
    kinds = [each.kind for each in interpreted.interpretations]

    assert kinds == [
        InterpretationKind.SORT,
        InterpretationKind.COLOUR,
        InterpretationKind.CATEGORY,
        InterpretationKind.MAX_PRICE,
    ]
    assert [interpreted.words(each) for each in interpreted.interpretations] == [
        "cheapest",
        "red",
        "for a gardener",
        "under $50",
    ]
    assert interpreted.text_without(interpreted.interpretations[2]) == "cheapest red mug under $50"
    assert interpreted.remaining == "red mug"


def test_what_words_may_not_mean_can_be_left_out() -> None:
    certain = read("cheapest red mug for a gardener under 50").certain()

    assert certain.remaining == "red mug for a gardener"
    assert (certain.sort, certain.narrowed(NO_FILTERS)) == (Sort.PRICE_ASC, Filters(max_price=5000))

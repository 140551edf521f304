"""How far a word is from another, and how far it may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.spelling import spelling_suggestion
from services.search.typos import edit_distance, max_edits, nearest_word

WORDS = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("mug", "mug", 0), ("mug", "mugs", 1), ("kettel", "kettle", 1), ("mug", "bag", 2), ("", "abc", 3)],
)
def test_edits(one: str, other: str, edits: int) -> None:
    assert edit_distance(one, other) == edits


@given(WORDS, WORDS)
def test_edits_are_the_same_both_ways_and_none_only_between_equals(one: str, other: str) -> None:
    edits = edit_distance(one, other)

    assert edits == edit_distance(other, one)
    assert (edits == 0) is (one == other)
    assert abs(len(one) - len(other)) <= edits <= max(len(one), len(other))


def test_short_words_may_have_fewer_typos() -> None:
    assert [max_edits("x" * length) for length in (1, 2, 3, 5, 6, 20)] == [0, 0, 1, 1, 2, 2]


def test_the_nearest_is_the_first_of_several() -> None:
    assert nearest_word("mag", ["bags", "mug", "map"]) == "mug"
    assert nearest_word("zz", ["az"]) is None


PRODUCTS = [
    {"name": "Gooseneck Kettle", "brand": "Kettlestead", "category": "coffee-and-tea", "tags": ["kettle"]},
    {"name": "Copper Can", "brand": "Pellamy", "category": "garden", "tags": []},
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kettel", "kettle"),
        ("copper kettel", "copper kettle"),
        ("coper xyzzyx", "copper"),
        ("kettles", None),
        ("xyzzyx", None),
    ],
)
def test_what_was_meant(typed: str, meant: str | None) -> None:
    assert spelling_suggestion(typed, PRODUCTS) == meant

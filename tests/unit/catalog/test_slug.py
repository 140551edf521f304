"""Ids from names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.slug import MAX_LENGTH, PATTERN, slugify


@pytest.mark.parametrize(
    ("parts", "slug"),
    [
        (("Enamelled Casserole, 5 l",), "enamelled-casserole-5-l"),
        (("Crème Brûlée Torch",), "creme-brulee-torch"),
        (("Men's Watch", "96"), "mens-watch-96"),
        (("  --A--  ",), "a"),
        (("茶", "7"), "cha-7"),
        (("Чашка 250 мл",), "chashka-250-ml"),
        (("Łopata Straße",), "lopata-strasse"),
        (("C# in Depth",), "c-sharp-in-depth"),
        (("C++ in Depth",), "c-plus-plus-in-depth"),
        (("Fruit + Nut #1",), "fruit-nut-1"),
        (("  ",), ""),
    ],
)
def test_a_name_becomes_an_id_that_people_can_read(parts: tuple[str, ...], slug: str) -> None:
    assert slugify(*parts) == slug


@given(st.text(max_size=300), st.text(max_size=20))
def test_every_slug_can_be_an_id(name: str, foreign_id: str) -> None:
    slug = slugify(name, foreign_id)
    assert (slug == "" and not (name + foreign_id).strip()) or (re.fullmatch(PATTERN, slug) and len(slug) <= MAX_LENGTH)


def test_long_names_that_begin_alike_stay_apart() -> None:
    # Given two names that differ behind what an id can hold
    names = ["x" * 199 + end for end in "ab"]
    # Then their ids differ, and are the same the next time
    first, second = (slugify(name) for name in names)
    assert first != second
    assert first == slugify(names[0])
    assert len(first) <= MAX_LENGTH

"""The number of an order: short, never mistaken, and the same wherever it is computed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.order_number import ALPHABET, LENGTH, order_number, typed_order_number


@given(st.text(min_size=1, max_size=128))
def test_it_has_ten_signs_of_the_alphabet_and_is_read_as_it_was_written(order_id: str) -> None:
    number = order_number(order_id)

    assert len(number) == LENGTH == 10
    assert set(number) <= set(ALPHABET)
    assert typed_order_number(number) == number


def test_it_stays_what_it_was() -> None:
    # Numbers are on paper and in mails: another rule would give old orders new ones.
    assert order_number("mwzq4hyyozzbgsckv2ggb3ax") == "CA5N69RKGT"


@pytest.mark.parametrize("group", ["0O", "1IL", "2Z", "5S", "8B", "UV"])
def test_of_signs_that_look_alike_it_has_one_at_the_most(group: str) -> None:
    assert len(set(group) & set(ALPHABET)) <= 1
    assert set(ALPHABET) == set(ALPHABET.upper())


def test_a_hundred_thousand_orders_have_as_many_numbers() -> None:
    assert len({order_number(f"order-{count}") for count in range(100_000)}) == 100_000


@pytest.mark.parametrize("typed", ["7k2qx9mtra", " 7K2QX 9MTRA ", "7K2QX-9MTRA"])
def test_it_may_be_typed_in_small_letters_and_in_groups(typed: str) -> None:
    assert typed_order_number(typed) == "7K2QX9MTRA"


@pytest.mark.parametrize("typed", ["", "7K2QX9MTR", "7K2QX9MTRAA", "7K2QX9MTR0", "mwzq4hyyozzbgsckv2ggb3ax"])
def test_anything_else_is_no_number(typed: str) -> None:
    assert typed_order_number(typed) is None

"""A half is rounded up, and parts add up to the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tax.rounding import divide_half_up, share_of, spread


@pytest.mark.parametrize(("numerator", "denominator", "quotient"), [(1, 2, 1), (149, 100, 1), (150, 100, 2), (0, 7, 0)])
def test_a_half_is_rounded_up(numerator: int, denominator: int, quotient: int) -> None:
    assert divide_half_up(numerator, denominator) == quotient


def test_the_largest_remainder_gets_what_is_left_over() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(10, [0, 0]) == [5, 5]
    assert spread(5, [5_000, 9_975]) == [2, 3]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_what_is_spread_adds_up(amount: int, weights: list[int]) -> None:
    parts = spread(amount, weights)

    assert sum(parts) == amount
    assert all(part >= 0 for part in parts)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_shares_in_any_steps_add_up(amount: int, steps: list[int]) -> None:
    of = sum(steps)
    taken = 0
    shares = []
    for units in steps:
        shares.append(share_of(amount, taken, units, of))
        taken += units

    assert sum(shares) == amount

"""Dollars to cents: exact for what is an amount, refused for all else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.money_parsing import parse_dollars


@given(st.integers(min_value=0, max_value=10**12))
def test_an_amount_with_two_decimals_is_exact(cents: int) -> None:
    assert parse_dollars(f"{cents // 100}.{cents % 100:02d}") == cents


@given(st.integers(min_value=0, max_value=10**10), st.integers(min_value=0, max_value=9))
def test_one_decimal_means_tens_of_cents(dollars: int, tenth: int) -> None:
    assert parse_dollars(f"{dollars}.{tenth}") == dollars * 100 + tenth * 10


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_whole_dollars_are_the_same_as_text_and_as_a_number(dollars: int) -> None:
    assert parse_dollars(dollars) == parse_dollars(str(dollars)) == dollars * 100


@given(st.text(alphabet="0123456789.,-+ eE$", max_size=12) | st.text(max_size=8))
def test_whatever_is_taken_is_worth_exactly_what_it_says(text: str) -> None:
    try:
        cents = parse_dollars(text)
    except ValueError:
        return
    assert Decimal(cents) == Decimal(text.strip()) * 100
    assert cents >= 0


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=3))
def test_nothing_is_rounded(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="more than two decimals"):
        parse_dollars(f"{amount:.3f}")


@pytest.mark.parametrize(
    "text", ["", " ", ".", "9.", ".99", "1,299.00", "1.299,00", "$5", "1e3", "0x10", "NaN", "५", "1 2"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount in dollars"):
        parse_dollars(text)


@pytest.mark.parametrize("amount", ["-1", "-0.01", -5])
def test_a_negative_amount_is_called_so(amount: str | int) -> None:
    with pytest.raises(ValueError, match="is negative"):
        parse_dollars(amount)


def test_an_endless_amount_is_refused_and_shown_short() -> None:
    with pytest.raises(ValueError, match="is not an amount") as refused:
        parse_dollars("9" * 10_000)
    assert len(str(refused.value)) < 120

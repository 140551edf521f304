"""An amount is a number of minor units, and nothing that only looks like one."""

import pytest
from pydantic import ValidationError

from schemas.contract import Money


@pytest.mark.parametrize("amount", ["1299", True, 12.0, 12.99, -1, None])
def test_what_is_no_whole_number_of_minor_units_is_no_amount(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": amount})


def test_a_whole_number_of_minor_units_is_an_amount() -> None:
    assert Money.model_validate_json('{"amount": 1299}') == Money(amount=1299, currency="USD")

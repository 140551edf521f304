"""Where a parcel can go: one rule for addresses that are kept and for those that are ordered to."""

import pytest
from pydantic import ValidationError

from schemas.commands import ShippingAddress
from schemas.country import COUNTRIES

ADDRESS = ShippingAddress(name="Ada L.", line1="1 Analytical Way", city="London", postal_code="N1 9GU", country="GB")


def test_there_are_249_countries() -> None:
    assert len(COUNTRIES) == 249
    assert all(len(country) == 2 and country.isalpha() and country.isupper() for country in COUNTRIES)


@pytest.mark.parametrize("country", ["XX", "gb", "GBR", "", "UK"])
def test_a_country_that_does_not_exist_is_refused(country: str) -> None:
    with pytest.raises(ValidationError):
        ShippingAddress(**{**ADDRESS.model_dump(), "country": country})


@pytest.mark.parametrize("field", ["name", "line1", "line2", "city", "postal_code"])
def test_what_is_printed_on_a_label_is_one_line(field: str) -> None:
    with pytest.raises(ValidationError, match="control characters"):
        ShippingAddress(**{**ADDRESS.model_dump(by_alias=False), field: "a\nb"})

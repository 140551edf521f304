"""The rules of a profile and its addresses, without AWS."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from schemas.commands import ShippingAddress
from services.identity.domain import Details, Profile, normalize_name

ADDRESS = ShippingAddress(name="Ada L.", line1="1 Analytical Way", city="London", postal_code="N1 9GU", country="GB")


def profile(chosen: str | None = None, **addresses: ShippingAddress) -> Profile:
    return Profile("ada", datetime(2026, 3, 1, tzinfo=UTC), addresses=addresses, chosen_address_id=chosen)


def test_the_chosen_address_is_the_default() -> None:
    assert profile("b", a=ADDRESS, b=ADDRESS).default_address_id == "b"


def test_without_a_choice_the_oldest_address_is_the_default() -> None:
    assert profile(b=ADDRESS, a=ADDRESS).default_address_id == "a"


def test_a_chosen_address_that_is_gone_is_not_the_default() -> None:
    assert profile("gone", b=ADDRESS).default_address_id == "b"


def test_without_addresses_there_is_no_default() -> None:
    assert profile("gone").default_address_id is None


@pytest.mark.parametrize("phone", ["0123456789", "+0123456789", "+1", "+1 555 0100 000", "+" + "1" * 16, "phone"])
def test_a_phone_number_is_international(phone: str) -> None:
    with pytest.raises(ValidationError):
        Details(phone=phone)


def test_a_phone_number_may_stand_between_spaces() -> None:
    assert Details(phone=" +442079460000 ").phone == "+442079460000"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        (" Ada\n Lovelace ", "Ada Lovelace"),
        ("Ada\x00\x07Lovelace", "Ada Lovelace"),
        ("x" * 99 + " y", "x" * 99),
        ("x" * 2048, "x" * 100),
    ],
)
def test_a_normalize_name_is_made_to_fit(given: str | None, kept: str | None) -> None:
    assert normalize_name(given) == kept
    assert Details(name=normalize_name(given)).name == kept

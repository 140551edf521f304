"""What delivery costs, and what is not delivered."""

from typing import Any

import pytest

from delivery.quote import Destination, Goods, Refusal, RefusalCode, quote_delivery
from delivery.settings import DeliverySettings, parse_settings
from schemas.contract import Money
from tests.unit.delivery.conftest import at_the_warehouse

NOW = at_the_warehouse("2026-12-01T09:00")
MUG = Goods("mug", "parcel", 400)
LAMP = Goods("lamp", "freight", 9000)
CASSEROLE = Goods("casserole", "parcel", 25_000)


def quote(settings: DeliverySettings, *goods: Goods, subtotal: int = 2000, **destination: Any) -> Any:
    where = Destination(**{"country": "US", "region": "OR", "postal_code": "97201", **destination})
    return quote_delivery(settings, where, goods or (MUG,), Money(amount=subtotal), NOW)


def offered(settings: DeliverySettings, *goods: Goods, **where: Any) -> dict[str, int]:
    return {option.method.method_id: option.price.amount for option in quote(settings, *goods, **where).options}


def refused(settings: DeliverySettings, *goods: Goods, **where: Any) -> Refusal:
    found = quote(settings, *goods, **where)
    assert found.options == ()
    assert found.refusal
    refusal: Refusal = found.refusal
    return refusal


def test_a_parcel_has_the_methods_of_its_zone(settings: DeliverySettings) -> None:
    assert offered(settings) == {"standard": 599, "express": 1499}
    assert offered(settings, region="AK") == {"standard": 599}
    assert offered(settings, country="CA", region="ON") == {"standard": 599}
    assert offered(settings, country="PR", region=None) == {"standard": 599}


@pytest.mark.parametrize(("subtotal", "cost"), [(1, 599), (4999, 599), (5000, 0), (5001, 0)])
def test_the_usual_method_is_free_from_its_threshold(settings: DeliverySettings, subtotal: int, cost: int) -> None:
    assert offered(settings, subtotal=subtotal) == {"standard": cost, "express": 1499}


def test_a_day_is_told_for_each_method(settings: DeliverySettings) -> None:
    days = [(option.earliest.isoformat(), option.latest.isoformat()) for option in quote(settings).options]

    assert days == [("2026-12-04", "2026-12-08"), ("2026-12-02", "2026-12-03")]


def test_before_a_visitor_says_more_than_the_country_its_first_zone_is_quoted(settings: DeliverySettings) -> None:
    assert offered(settings, region=None, postal_code=None) == {"standard": 599, "express": 1499}


def test_freight_goes_within_the_contiguous_states_only_and_not_by_express(settings: DeliverySettings) -> None:
    assert offered(settings, MUG, LAMP) == {"standard": 599}
    for where in ({"region": "HI"}, {"country": "CA", "region": "ON"}):
        refusal = refused(settings, MUG, LAMP, **where)
        assert (refusal.code, refusal.product_ids) == (RefusalCode.GOODS_NOT_CARRIED, ("lamp",))
        assert "the contiguous United States only" in refusal.message


def test_the_carrier_of_freight_needs_a_telephone_number(settings: DeliverySettings) -> None:
    assert quote(settings, LAMP).needs_phone
    assert not quote(settings, MUG).needs_phone
    assert refused(settings, LAMP, has_phone=False).code is RefusalCode.PHONE_REQUIRED
    assert offered(settings, LAMP, has_phone=True)
    assert offered(settings, MUG, has_phone=False)


def test_what_is_too_heavy_for_a_method_goes_by_another(settings: DeliverySettings) -> None:
    assert offered(settings, CASSEROLE) == {"standard": 599}
    assert offered(settings, Goods("mug", "parcel", None)) == {"standard": 599, "express": 1499}


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"country": "DE", "region": None}, RefusalCode.COUNTRY_NOT_SERVED),
        ({"region": "AE"}, RefusalCode.REGION_NOT_SERVED),
        ({"lines": ("1 Main Street", "PO Box 7")}, RefusalCode.POST_BOX),
        ({"country": "DE", "region": None, "lines": ("Postfach 7",)}, RefusalCode.COUNTRY_NOT_SERVED),
    ],
)
def test_an_address_that_nobody_delivers_to_is_refused_with_a_sentence(
    settings: DeliverySettings, where: dict[str, Any], code: RefusalCode
) -> None:
    refusal = refused(settings, **where)

    assert (refusal.code, refusal.product_ids) == (code, ())
    assert refusal.message.endswith(".")


def test_a_method_that_is_not_offered_is_not_chosen(settings: DeliverySettings) -> None:
    assert quote(settings).choose("express").price.amount == 1499
    assert quote(settings).choose(None).method.method_id == "standard"
    assert quote(settings, LAMP).choose("express").code is RefusalCode.METHOD_NOT_OFFERED
    assert quote(settings, country="DE", region=None).choose(None).code is RefusalCode.COUNTRY_NOT_SERVED


def test_a_zone_may_be_told_by_postal_codes() -> None:
    method = {
        "id": "standard",
        "name": "Standard",
        "price": 100,
        "days": [1, 1],
        "goods": ["parcel"],
        "max_weight": 500,
    }
    zone = {"id": "city", "name": "the city", "countries": ["DE"], "postal_codes": ["1[0-4]"], "methods": [method]}
    dispatch = {"time_zone": "Europe/Berlin", "cut_off": "12:00", "holidays": []}
    settings = parse_settings({"currency": "EUR", "dispatch": dispatch, "zones": [zone]})

    def code_of(*goods: Goods, postal_code: str | None = "10115") -> RefusalCode | None:
        where = Destination(country="DE", postal_code=postal_code)
        found = quote_delivery(settings, where, goods, Money(amount=1, currency="EUR"), NOW)
        return found.refusal.code if found.refusal else None

    assert code_of(MUG) is None
    assert code_of(MUG, postal_code=None) is None
    assert code_of(MUG, postal_code="80331") is RefusalCode.REGION_NOT_SERVED
    assert code_of(CASSEROLE) is RefusalCode.TOO_HEAVY

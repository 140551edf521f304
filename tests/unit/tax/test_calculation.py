"""What is taxed where, and how much."""

from dataclasses import replace

import pytest

from schemas.contract import Money
from schemas.tax import OrderTax
from tax import calculation
from tax.calculation import Sale, TaxedGoods, TaxTable, tax_calculator
from tax.settings import TaxSettingsError, tax_settings
from tests.unit.tax.conftest import everywhere

SHOP = TaxTable(tax_settings())
EVERYWHERE = TaxTable(everywhere(tax_settings()))
BEANS = "house-espresso-beans"


def sold(country: str, region: str | None = None, *, delivery: int = 0, **goods: int) -> Sale:
    """Return a sale: amounts by product or, with a leading ``of_``, by category."""
    lines = [
        TaxedGoods(
            product_id=name.replace("_", "-"),
            category=name.removeprefix("of_") if name.startswith("of_") else "",
            price=Money(amount=amount),
        )
        for name, amount in goods.items()
    ]
    return Sale(country, region, lines, Money(amount=delivery))


def rates(tax: OrderTax | None) -> dict[str, tuple[int, int]]:
    """Return base and tax by name."""
    assert tax is not None
    return {each.name: (each.base.amount, each.amount.amount) for each in tax.rates}


def test_tax_is_added_where_prices_are_without_it() -> None:
    tax = SHOP.calculate(sold("CA", "ON", lamp=8900, delivery=599))

    assert rates(tax) == {"HST 13%": (9499, 1235)}
    assert tax
    assert tax.prices == "EXCLUSIVE"
    assert tax.added == Money(amount=1235)


def test_tax_is_within_the_price_where_prices_are_with_it() -> None:
    tax = EVERYWHERE.calculate(sold("DE", lamp=11900))

    assert rates(tax) == {"VAT 19%": (10000, 1900)}
    assert tax
    assert tax.added == Money(amount=0)


def test_two_taxes_are_rounded_each_on_its_own() -> None:
    assert rates(EVERYWHERE.calculate(sold("CA", "QC", lamp=1999))) == {
        "GST 5%": (1999, 100),
        "QST 9.975%": (1999, 199),
    }


def test_only_what_the_shop_is_registered_for_is_collected() -> None:
    assert rates(SHOP.calculate(sold("CA", "QC", lamp=1999))) == {"GST 5%": (1999, 100)}


@pytest.mark.parametrize(("country", "region"), [("US", "OR"), ("US", "NJ"), ("US", None), ("PR", None), ("DE", None)])
def test_nothing_is_collected_where_the_shop_is_not_registered(country: str, region: str | None) -> None:
    assert SHOP.calculate(sold(country, region, lamp=8900)) is None
    assert SHOP.display(country, region) == "NONE"


def test_kinds_of_goods_have_their_rates_by_product_or_category() -> None:
    germany = EVERYWHERE.calculate(sold("DE", house_espresso_beans=1070, of_books=2140, lamp=11900))
    jersey = EVERYWHERE.calculate(sold("US", "NJ", of_clothing=5000, lamp=1000))

    assert rates(germany) == {"VAT 7%": (3000, 210), "VAT 19%": (10000, 1900)}
    assert rates(jersey) == {"Sales tax 6.625%": (1000, 66)}
    assert jersey
    assert [len(line.taxes) for line in jersey.lines] == [0, 1]


def test_delivery_is_taxed_as_the_goods_in_proportion_to_their_value() -> None:
    tax = EVERYWHERE.calculate(sold("DE", house_espresso_beans=2500, lamp=7500, delivery=800))

    assert tax
    assert [(each.name, each.base.amount + each.amount.amount) for each in tax.delivery] == [
        ("VAT 7%", 200),
        ("VAT 19%", 600),
    ]


def test_delivery_is_not_taxed_where_the_place_exempts_it() -> None:
    assert rates(EVERYWHERE.calculate(sold("US", "MI", lamp=1000, delivery=599))) == {"Sales tax 6%": (1000, 60)}


def test_an_order_of_what_is_exempt_has_no_tax_and_says_so() -> None:
    tax = EVERYWHERE.calculate(sold("US", "IN", house_espresso_beans=1900, delivery=599))

    assert tax
    assert (tax.amount, tax.rates) == (Money(amount=0), [])


def test_where_regions_differ_tax_is_told_once_the_region_is_known() -> None:
    assert SHOP.display("CA", None) == "AT_CHECKOUT"
    assert SHOP.display("CA", "ON") == "ADDED"
    assert EVERYWHERE.display("DE", None) == "INCLUDED"
    assert SHOP.calculate(sold("CA", lamp=100)) is None


def test_stripe_tax_is_refused_while_it_is_not_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calculation, "tax_settings", lambda: replace(tax_settings(), calculator="stripe"))

    with pytest.raises(TaxSettingsError, match="Stripe Tax is not configured"):
        tax_calculator()

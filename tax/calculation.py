"""Computes the tax of a sale. One interface, whoever computes it; the table of the settings is the default."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from schemas.contract import Money
from schemas.tax import LineTax, OrderTax, TaxAmount
from tax.rounding import divide_half_up, spread
from tax.settings import FULL_RATE, Place, Tax, TaxSettings, TaxSettingsError, tax_settings

TaxDisplay = Literal["NONE", "INCLUDED", "ADDED", "AT_CHECKOUT"]
"""What can be said of tax at a place: none is collected, it is within the prices, it is added to them, or it differs by
a region that is not known yet."""


@dataclass(frozen=True, slots=True)
class TaxedGoods:
    """A line of a sale.

    Attributes:
        category: of the catalogue; empty where it is not known.
        price: of all units, as it is shown.
    """

    product_id: str
    category: str
    price: Money


@dataclass(frozen=True, slots=True)
class Sale:
    """What is sold, and where it goes.

    Attributes:
        region: by its code; None where it is not known, or the country has none.
        delivery: what delivery costs, as it is shown.
    """

    country: str
    region: str | None
    goods: Sequence[TaxedGoods]
    delivery: Money


class TaxCalculator(Protocol):
    """Computes taxes."""

    def calculate(self, sale: Sale) -> OrderTax | None:
        """Return the tax of a sale; None where none is collected, or it cannot be told yet."""
        ...

    def display(self, country: str, region: str | None) -> TaxDisplay:
        """Return what can be said of tax at a place."""
        ...


class TaxTable:
    """Computes taxes by the table of the settings.

    Each tax of a line is rounded on its own, to the minor unit, a half up: so what the invoice names by line adds up to
    its sums, and a line's tax does not depend on what else is bought. Where prices contain tax, all taxes of a line are
    taken out together, and spread by their rates.

    Parameters:
        settings: of the shop.
    """

    def __init__(self, settings: TaxSettings) -> None:
        self._settings = settings

    def display(self, country: str, region: str | None) -> TaxDisplay:
        """Return what can be said of tax at a place."""
        if region is None and self._settings.depends_on_region(country):
            return "AT_CHECKOUT"
        place = self._settings.find_place(country, region)
        if place is None or not self._settings.collected(place):
            return "NONE"
        return "INCLUDED" if place.prices == "INCLUSIVE" else "ADDED"

    def calculate(self, sale: Sale) -> OrderTax | None:
        """Return the tax of a sale; None where none is collected, or it cannot be told yet."""
        place = self._settings.find_place(sale.country, sale.region)
        if place is None or self.display(sale.country, sale.region) in ("NONE", "AT_CHECKOUT"):
            return None
        taxes = [
            self._settings.collected(place, self._settings.kind_of(item.product_id, item.category))
            for item in sale.goods
        ]
        lines = [
            LineTax(product_id=item.product_id, taxes=_tax(item.price, of_line, place))
            for item, of_line in zip(sale.goods, taxes, strict=True)
        ]
        delivery = _tax_delivery(sale, taxes, place) if place.taxes_delivery else []
        return OrderTax.of(place.prices, lines, delivery, sale.delivery.currency)


def tax_calculator() -> TaxCalculator:
    """Return the calculator that the settings name; raises TaxSettingsError where it cannot be used.

    Stripe Tax has no adapter yet. Whoever sets it is told so at the first price, instead of selling without tax.
    """
    settings = tax_settings()
    if settings.calculator == "stripe":
        raise TaxSettingsError('calculator = "stripe": Stripe Tax is not configured; the table is the only one yet')
    return TaxTable(settings)


def _tax(price: Money, taxes: Sequence[Tax], place: Place) -> list[TaxAmount]:
    """Return the taxes on a price, or within it."""
    rates = [tax.rate for tax in taxes]
    if place.prices == "INCLUSIVE":
        within = divide_half_up(price.amount * sum(rates), FULL_RATE + sum(rates))
        base, amounts = price.amount - within, spread(within, rates) if rates else []
    else:
        base, amounts = price.amount, [divide_half_up(price.amount * rate, FULL_RATE) for rate in rates]
    return [
        TaxAmount(
            name=tax.label,
            rate=tax.rate,
            base=Money(amount=base, currency=price.currency),
            amount=Money(amount=amount, currency=price.currency),
        )
        for tax, amount in zip(taxes, amounts, strict=True)
    ]


def _tax_delivery(sale: Sale, taxes: Sequence[tuple[Tax, ...]], place: Place) -> list[TaxAmount]:
    """Return the taxes of delivery, which is a part of the goods: it is spread over their taxes by their value."""
    if sale.delivery.amount == 0 or not sale.goods:
        return []
    values: dict[tuple[Tax, ...], int] = {}
    for item, of_line in zip(sale.goods, taxes, strict=True):
        values[of_line] = values.get(of_line, 0) + item.price.amount
    parts = spread(sale.delivery.amount, list(values.values()))
    return [
        tax
        for of_part, part in zip(values, parts, strict=True)
        if part
        for tax in _tax(Money(amount=part, currency=sale.delivery.currency), of_part, place)
    ]

"""Whatever is refunded in whatever order, the taxes within the refunds add up to the tax of the order."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Money
from schemas.tax import OrderTax, TaxAmount, total_with_tax
from tax.calculation import Sale, TaxedGoods, TaxTable
from tax.refunds import added_by, tax_of_units, tax_within_refund
from tax.settings import tax_settings
from tests.unit.tax.conftest import ADDRESSES, CURRENCIES, everywhere

table = TaxTable(everywhere(tax_settings()))
KINDS = ("", "books", "clothing")


@st.composite
def sales(draw: st.DrawFn) -> tuple[Sale, list[int]]:
    """Sales of a few lines anywhere, and how many units each line has."""
    country, region = draw(st.sampled_from(ADDRESSES))
    currency = draw(st.sampled_from(CURRENCIES))
    units = draw(st.lists(st.integers(1, 7), min_size=1, max_size=5))
    goods = [
        TaxedGoods(
            product_id=f"p{number}",
            category=draw(st.sampled_from(KINDS)),
            price=Money(amount=draw(st.integers(0, 200_000)) * quantity, currency=currency),
        )
        for number, quantity in enumerate(units)
    ]
    delivery = Money(amount=draw(st.integers(0, 5_000)), currency=currency)
    return Sale(country, region, goods, delivery), units


def total_of(sale: Sale, tax: OrderTax) -> Money:
    subtotal = sum((item.price for item in sale.goods), start=sale.delivery * 0)
    return total_with_tax(subtotal, sale.delivery, tax)


@given(sales())
def test_lines_delivery_and_tax_are_the_total(sold: tuple[Sale, list[int]]) -> None:
    sale, _ = sold
    tax = table.calculate(sale)

    assert tax is not None
    assert tax.adds_up
    of_parts = [*(each for line in tax.lines for each in line.taxes), *tax.delivery]
    assert sum(each.amount.amount for each in of_parts) == tax.amount.amount
    gross = total_of(sale, tax).amount
    shown = sum(item.price.amount for item in sale.goods) + sale.delivery.amount
    assert gross == shown + (tax.amount.amount if tax.prices == "EXCLUSIVE" else 0)
    assert tax.amount.amount <= gross


@given(sales(), st.data())
def test_refunds_by_parts_in_any_order_end_at_zero(sold: tuple[Sale, list[int]], data: st.DataObject) -> None:
    sale, units = sold
    tax = table.calculate(sale)
    assert tax is not None
    left, back, taken = total_of(sale, tax), list[TaxAmount](), Counter[int]()
    while left.amount:
        given_back, of_lines = _part(data, sale, units, tax, taken, left)
        part = tax_within_refund(tax, left, back, given_back, of_lines)
        assert sum(each.amount.amount for each in part) <= given_back.amount
        back += part
        left = Money(amount=left.amount - given_back.amount, currency=left.currency)

    assert sum(each.amount.amount for each in back) == tax.amount.amount
    for rate in tax.rates:
        of_rate = [each for each in back if (each.name, each.rate) == (rate.name, rate.rate)]
        if total_of(sale, tax).amount:
            assert sum(each.amount.amount for each in of_rate) == rate.amount.amount
            assert sum(each.base.amount for each in of_rate) == rate.base.amount


def _part(
    data: st.DataObject, sale: Sale, units: list[int], tax: OrderTax, taken: Counter[int], left: Money
) -> tuple[Money, list[TaxAmount] | None]:
    """Draw what goes back next: units of a line, an amount that is for nothing in particular, or all that is left."""
    kind = data.draw(st.sampled_from(("units", "amount", "rest")))
    if kind == "units":
        lines = [number for number, quantity in enumerate(units) if quantity > taken[number]]
        if lines:
            line = data.draw(st.sampled_from(lines))
            count = data.draw(st.integers(1, units[line] - taken[line]))
            item = sale.goods[line]
            taxes = tax_of_units(tax, item.product_id, taken[line], count, units[line])
            price = item.price.amount // units[line] * count + added_by(tax, taxes)
            taken[line] += count
            if 0 < price <= left.amount:
                return Money(amount=price, currency=left.currency), taxes
    if kind == "amount":
        return Money(amount=data.draw(st.integers(1, left.amount)), currency=left.currency), None
    return left, None


@given(sales())
def test_the_units_of_a_line_have_all_of_its_tax(sold: tuple[Sale, list[int]]) -> None:
    sale, units = sold
    tax = table.calculate(sale)
    assert tax is not None
    for item, quantity in zip(sale.goods, units, strict=True):
        one_by_one = [tax_of_units(tax, item.product_id, before, 1, quantity) for before in range(quantity)]
        for index, each in enumerate(tax.taxes_of(item.product_id)):
            assert sum(part[index].amount.amount for part in one_by_one) == each.amount.amount


@pytest.mark.slow  # ten thousand carts
def test_ten_thousand_carts_in_three_currencies_are_charged_and_given_back_to_the_cent() -> None:
    draw = random.Random(67)  # noqa: S311 - carts are no secrets
    for number in range(10_000):
        country, region = draw.choice(ADDRESSES)
        currency = draw.choice(CURRENCIES)
        goods = [
            TaxedGoods(f"p{line}", draw.choice(KINDS), Money(amount=draw.randint(0, 99_999), currency=currency))
            for line in range(draw.randint(1, 3))
        ]
        sale = Sale(country, region, goods, Money(amount=draw.randint(0, 2_000), currency=currency))
        tax = table.calculate(sale)
        assert tax
        left, back = total_of(sale, tax), list[TaxAmount]()
        of_lines = sum(each.amount.amount for line in tax.lines for each in line.taxes)
        assert left.amount == sum(item.price.amount for item in goods) + sale.delivery.amount + tax.added.amount
        assert tax.amount.amount == of_lines + sum(each.amount.amount for each in tax.delivery)
        if number % 20:
            continue  # The other tests draw refunds as well.
        while left.amount:
            part = Money(amount=draw.randint(1, left.amount), currency=currency)
            back += tax_within_refund(tax, left, back, part)
            left = Money(amount=left.amount - part.amount, currency=currency)
        assert sum(each.amount.amount for each in back) == tax.amount.amount

"""The tax within what is given back. However an order is refunded, its parts add up to its tax, to the minor unit."""

from collections.abc import Sequence
from itertools import starmap

from schemas.contract import Money
from schemas.tax import OrderTax, TaxAmount, sum_by_rate, with_amounts
from tax.rounding import divide_half_up, share_of, spread


def tax_of_units(tax: OrderTax, product_id: str, before: int, units: int, of: int) -> list[TaxAmount]:
    """Return the taxes of some units of a line.

    Parameters:
        tax: of the order.
        product_id: of the line.
        before: units of it whose tax went back earlier.
        units: those that it is about.
        of: units that were bought.
    """
    return [
        with_amounts(
            each,
            Money(amount=share_of(each.base.amount, before, units, of), currency=each.base.currency),
            Money(amount=share_of(each.amount.amount, before, units, of), currency=each.amount.currency),
        )
        for each in tax.taxes_of(product_id)
    ]


def tax_of_part(taxes: Sequence[TaxAmount], part: int, of: int) -> list[TaxAmount]:
    """Return the taxes of a part of what they are of; both in minor units.

    Parameters:
        taxes: of all of it.
        part: of its price.
        of: its price.
    """
    if part >= of:
        return [*taxes]
    return [
        _amounts(each, share_of(each.base.amount, 0, part, of), share_of(each.amount.amount, 0, part, of))
        for each in taxes
    ]


def added_by(tax: OrderTax, taxes: Sequence[TaxAmount]) -> int:
    """Return what taxes of an order add to its prices, in minor units: nothing where they are within them."""
    return sum(each.amount.amount for each in taxes) if tax.prices == "EXCLUSIVE" else 0


def tax_within_refund(
    tax: OrderTax,
    left: Money,
    earlier: Sequence[TaxAmount],
    amount: Money,
    of_lines: Sequence[TaxAmount] | None = None,
) -> list[TaxAmount]:
    """Return the tax by rate within a refund. The last refund takes what the earlier ones have left.

    Parameters:
        tax: of the order.
        left: of the payment, before this refund.
        earlier: the taxes within the earlier refunds.
        amount: what is refunded.
        of_lines: the taxes of what it is for, where that is known; else it is a part of everything.
    """
    rest = _without(tax.rates, earlier)
    if amount.amount >= left.amount:
        return rest
    if of_lines is None:
        taken = _in_proportion(rest, left.amount, amount.amount)
    else:
        taken = _of_lines(rest, left.amount, amount.amount, of_lines)
    return [_amounts(each, min(base, each.base.amount), part) for each, (base, part) in zip(rest, taken, strict=True)]


def _without(rates: Sequence[TaxAmount], earlier: Sequence[TaxAmount]) -> list[TaxAmount]:
    gone = {(each.name, each.rate): each for each in sum_by_rate(list(earlier))}
    rest = []
    for each in rates:
        before = gone.get((each.name, each.rate))
        base, amount = (before.base.amount, before.amount.amount) if before else (0, 0)
        rest.append(_amounts(each, each.base.amount - base, each.amount.amount - amount))
    return rest


def _in_proportion(rest: Sequence[TaxAmount], left: int, amount: int) -> list[tuple[int, int]]:
    amounts = [each.amount.amount for each in rest]
    parts = spread(divide_half_up(sum(amounts) * amount, left), amounts) if rest else []
    bases = [divide_half_up(each.base.amount * amount, left) for each in rest]
    return list(zip(bases, parts, strict=True))


def _of_lines(
    rest: Sequence[TaxAmount], left: int, amount: int, of_lines: Sequence[TaxAmount]
) -> list[tuple[int, int]]:
    """Return bases and taxes of lines, no more than is left; and no more tax is left afterwards than money."""
    wanted = {(each.name, each.rate): each for each in sum_by_rate(list(of_lines))}
    found = [wanted.get((each.name, each.rate)) for each in rest]
    parts = [min(each.amount.amount, line.amount.amount) if line else 0 for each, line in zip(rest, found, strict=True)]
    remaining = [each.amount.amount - part for each, part in zip(rest, parts, strict=True)]
    if (excess := sum(remaining) - (left - amount)) > 0:
        parts = list(starmap(int.__add__, zip(parts, spread(excess, remaining), strict=True)))
    bases = [line.base.amount if line else 0 for line in found]
    return list(zip(bases, parts, strict=True))


def _amounts(tax: TaxAmount, base: int, amount: int) -> TaxAmount:
    currency = tax.amount.currency
    return with_amounts(tax, Money(amount=base, currency=currency), Money(amount=amount, currency=currency))

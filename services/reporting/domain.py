"""The days of the shop, and the figures of a day: how the facts of its sales are summed.

A fact is what one event says of one day, such as an order that was placed on it. Facts are stored one by one under keys
of their own, so that an event that is delivered again says nothing new, and figures are sums of facts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from schemas.contract import Contract, Count
from schemas.time_zone import TIME_ZONE

CURRENCY = "USD"
"""The one currency of the shop, in whose minor units all amounts of a report are."""
LOW_STOCK = 10
"""Units available, up to which the stock of a product is low."""
SETTLING = timedelta(hours=1)
"""How long after its end a day is summed anew: longer than a function that was late by a moment can run."""
FACT_DAYS = 400
"""How long facts are kept; the sums of a day stay. Longer than the archive, whose events can be replayed."""
SEALED_AFTER_DAYS = 390
"""The age from which a day takes no more facts, because some of its facts may be gone."""


class Kind(StrEnum):
    """What a fact says."""

    CART_STARTED = "CART_STARTED"
    CHECKOUT_FAILED = "CHECKOUT_FAILED"
    ORDER_PLACED = "ORDER_PLACED"
    ORDER_CANCELLED = "ORDER_CANCELLED"
    ORDER_REFUNDED = "ORDER_REFUNDED"


@dataclass(frozen=True, slots=True)
class Fact:
    """What one event says of one day of the shop.

    Attributes:
        day: on which it happened, in the shop's time zone.
        key: of it on that day; the same event has the same one.
        kind: what it says.
        values: plain values by name; amounts in minor units. No ids of persons.
    """

    day: date
    key: str
    kind: Kind
    values: Mapping[str, Any]


class SealedDayError(Exception):
    """A fact is of a day that takes no more facts."""


class ProductFigures(Contract):
    """What was sold of a product on a day; ``sales`` in minor units, before cancellations and refunds."""

    product_id: str
    name: str
    units: Count = 0
    sales: Count = 0
    cancelled_units: Count = 0


class DayFigures(Contract):
    """The figures of a day; amounts in minor units of CURRENCY.

    Attributes:
        goods: of the orders that were placed, without shipping.
        tax: of the orders that were placed, whether it was added or is within goods and shipping.
        refunded_tax: what of the refunds is tax.
        total: of the orders that were placed, as their shoppers paid it.
        cancelled_total: of the orders that were cancelled on that day, whenever they were placed.
        refunded: what went back to cards on that day, of orders of any day, cancelled ones included.
        carts: carts of signed-in shoppers that got their first product.
        checkouts: attempts to order, whether they succeeded or not.
        failed: checkouts that ended without an order, by the reason of CheckoutFailed.
    """

    day: date
    orders: Count = 0
    units: Count = 0
    goods: Count = 0
    shipping: Count = 0
    tax: Count = 0
    total: Count = 0
    cancelled_orders: Count = 0
    cancelled_units: Count = 0
    cancelled_total: Count = 0
    refunds: Count = 0
    refunded: Count = 0
    refunded_tax: Count = 0
    carts: Count = 0
    checkouts: Count = 0
    failed: dict[str, int] = {}
    products: list[ProductFigures] = []

    @property
    def net(self) -> int:
        """What the day brought in: paid minus refunded. Below 0 where more went back than came in."""
        return self.total - self.refunded


@cache
def zone() -> ZoneInfo:
    """Return the shop's time zone; raises ZoneInfoNotFoundError where neither machine nor package tzdata has it."""
    return ZoneInfo(TIME_ZONE)


def day_of(moment: datetime) -> date:
    """Return the day of the shop on which a moment is."""
    return moment.astimezone(zone()).date()


def end_of(day: date) -> datetime:
    """Return the moment at which a day of the shop is over; a day has 23 to 25 hours."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone()).astimezone(UTC)


def is_late(day: date, now: datetime) -> bool:
    """Return whether the day was over, so that its sums may be stored already."""
    return now >= end_of(day)


def is_settled(day: date, now: datetime) -> bool:
    """Return whether the sums of a day may be stored: whoever began to write on that day has ended."""
    return now >= end_of(day) + SETTLING


def require_open(day: date, now: datetime) -> None:
    """Raise SealedDayError where a day takes no more facts."""
    if (day_of(now) - day).days > SEALED_AFTER_DAYS:
        raise SealedDayError(f"{day.isoformat()} was sealed: its facts expire after {FACT_DAYS} days")


def days_between(first: date, last: date) -> list[date]:
    """Return the days of a period, both ends included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def sum_facts(day: date, facts: Iterable[Fact]) -> DayFigures:
    """Return the figures of a day.

    Parameters:
        day: the day.
        facts: all facts of it, in any order.
    """
    sums: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    products: dict[str, Counter[str]] = {}
    names: dict[str, str] = {}
    ordered: set[str] = set()
    for fact in facts:
        values = fact.values
        match fact.kind:
            case Kind.CART_STARTED:
                sums["carts"] += 1
            case Kind.CHECKOUT_FAILED:
                failed[values["reason"]] += 1
                ordered.add(values["orderId"])
            case Kind.ORDER_PLACED:
                sums["orders"] += 1
                # A fact from before tax was computed has none.
                sums.update({name: values.get(name, 0) for name in ("goods", "shipping", "tax", "total")})
                ordered.add(values["orderId"])
                _add_lines(values["lines"], "units", sums, products, names)
            case Kind.ORDER_CANCELLED:
                sums["cancelled_orders"] += 1
                sums["cancelled_total"] += values["total"]
                _add_lines(values["lines"], "cancelled_units", sums, products, names)
            case Kind.ORDER_REFUNDED:
                sums["refunds"] += 1
                sums["refunded"] += values["amount"]
                sums["refunded_tax"] += values.get("tax", 0)
    return DayFigures(
        day=day,
        **sums,
        checkouts=len(ordered),
        failed=dict(sorted(failed.items())),
        products=[
            ProductFigures(product_id=product_id, name=names[product_id], **counted)
            for product_id, counted in sorted(products.items())
        ],
    )


def _add_lines(
    lines: Iterable[Mapping[str, Any]],
    counted: str,
    sums: Counter[str],
    products: dict[str, Counter[str]],
    names: dict[str, str],
) -> None:
    for line in lines:
        sums[counted] += line["quantity"]
        product = products.setdefault(line["productId"], Counter())
        product[counted] += line["quantity"]
        if counted == "units":
            product["sales"] += line["amount"]
        # A product may have been renamed on that day; the greater name, so that the order of facts does not matter.
        names[line["productId"]] = max(names.get(line["productId"], ""), line["name"])


def sum_products(days: Iterable[DayFigures]) -> dict[str, ProductFigures]:
    """Return what was sold of each product in several days, by product id, under its newest name.

    Parameters:
        days: their figures, in order.
    """
    summed: dict[str, ProductFigures] = {}
    for day in days:
        for product in day.products:
            before = summed.get(product.product_id, ProductFigures(product_id=product.product_id, name=""))
            summed[product.product_id] = ProductFigures(
                product_id=product.product_id,
                name=product.name,
                units=before.units + product.units,
                sales=before.sales + product.sales,
                cancelled_units=before.cancelled_units + product.cancelled_units,
            )
    return summed

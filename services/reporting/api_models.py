"""What the reports answer. Amounts are in minor units of the report's currency."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import Field

from schemas.contract import Contract, Count, Identifier, Timestamp
from schemas.time_zone import TIME_ZONE
from services.reporting.domain import CURRENCY, DayFigures, ProductFigures

Minor = Annotated[Count, Field(description="Minor units: cents for USD.")]


class SalesFigures(Contract):
    """What was sold, cancelled and refunded."""

    orders: Count = Field(description="Orders placed.")
    units: Count = Field(description="Units in them.")
    goods: Minor
    shipping: Minor
    tax: Minor
    total: Minor
    cancelled_orders: Count = Field(description="Orders cancelled then, whenever they were placed.")
    cancelled_units: Count
    cancelled_total: Minor
    refunds: Count = Field(description="Refunds made then, those of cancelled orders included.")
    refunded: Minor
    refunded_tax: Minor
    net: int = Field(description="Total minus refunded, in minor units; below 0 where more went back than came in.")

    @classmethod
    def sum_of(cls, days: Sequence[DayFigures]) -> Self:
        """Return the sum of several days."""
        names = cls.model_fields.keys()
        return cls(**{name: sum(getattr(day, name) for day in days) for name in names})


class SalesOfDay(SalesFigures):
    """The sales of a day of the shop."""

    day: date

    @classmethod
    def of(cls, day: DayFigures) -> Self:
        """Return the sales of a day."""
        return cls(day=day.day, **{name: getattr(day, name) for name in SalesFigures.model_fields})


class Report(Contract):
    """The period of a report, by days of the shop, both ends included."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    time_zone: str = TIME_ZONE


class SalesReport(Report):
    """Sales by day. A day in progress is counted up to a minute ago."""

    currency: str = CURRENCY
    days: list[SalesOfDay]
    total: SalesFigures


class FunnelStages(Contract):
    """How many carts got to which stage."""

    carts: Count = Field(description="Carts of signed-in shoppers that got their first product.")
    checkouts: Count = Field(description="Attempts to order.")
    paid: Count = Field(description="Orders placed, all of which are paid.")


class FunnelOfDay(FunnelStages):
    """The stages of a day."""

    day: date


class FailedCheckouts(Contract):
    """Checkouts that ended without an order for one reason."""

    reason: str
    count: Count


class FunnelReport(Report):
    """From the cart to the paid order."""

    days: list[FunnelOfDay]
    total: FunnelStages
    failed: list[FailedCheckouts] = Field(description="The most frequent reason first.")

    @classmethod
    def of(cls, first: date, last: date, days: Sequence[DayFigures]) -> Self:
        """Return the funnel of a period."""
        reasons: Counter[str] = Counter()
        for day in days:
            reasons.update(day.failed)
        stages = [FunnelOfDay(day=day.day, carts=day.carts, checkouts=day.checkouts, paid=day.orders) for day in days]
        return cls(
            first=first,
            last=last,
            days=stages,
            total=FunnelStages(
                carts=sum(day.carts for day in stages),
                checkouts=sum(day.checkouts for day in stages),
                paid=sum(day.paid for day in stages),
            ),
            failed=[
                FailedCheckouts(reason=reason, count=count)
                for reason, count in sorted(reasons.items(), key=lambda entry: (-entry[1], entry[0]))
            ],
        )


class ProductsReport(Report):
    """What was sold of each product, the best sellers first."""

    currency: str = CURRENCY
    items: list[ProductFigures]
    products: Count = Field(description="How many products were sold or cancelled, also beyond the limit.")


class LowStock(Contract):
    """A product of which few units can be bought."""

    product_id: Identifier
    name: str
    available: Count = Field(description="Units on hand that nobody has reserved.")
    on_hand: Count = Field(description="Units in the warehouse, reserved ones included.")
    units_sold: Count = Field(description="In the period of the report.")
    days_left: Count | None = Field(
        default=None, description="Whole days until nothing is left, as fast as it was sold; none where nothing was."
    )


class StockReport(Report):
    """The products of which few units are left, the fewest first."""

    items: list[LowStock]
    next_cursor: str | None = None


class ReportFile(Contract):
    """A file of a day's report."""

    name: str = Field(description="Such as sales-2026-11-30.csv.")
    day: date


class ReportFilePage(Contract):
    """The files of the daily reports, the newest day first."""

    items: list[ReportFile]
    next_cursor: str | None = None


class ReportDownload(Contract):
    """A link to a file."""

    url: str
    expires_at: Timestamp

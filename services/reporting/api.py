"""HTTP routes of reporting, all for staff: figures of a period, low stock, and the files of the daily reports."""

from datetime import date, timedelta
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from bus.cursor import InvalidCursorError
from bus.http import Api, Problem, not_found
from services.reporting.api_models import (
    FunnelReport,
    LowStock,
    ProductsReport,
    ReportDownload,
    ReportFile,
    ReportFilePage,
    SalesFigures,
    SalesOfDay,
    SalesReport,
    StockReport,
)
from services.reporting.dependencies import day_store, report_files, sales, stock_levels
from services.reporting.domain import LOW_STOCK, DayFigures, day_of, sum_products
from services.reporting.report_files import UnknownFileError, file_names

api = Api()
app = api.app

MAX_DAYS = 366
DEFAULT_DAYS = 30
SELLING_DAYS = 28
"""Over how many days it is measured how fast a product sells: four of each day of the week."""

First = Annotated[date | None, Query(alias="from", description="First day of the shop; 30 days by default.")]
Last = Annotated[date | None, Query(alias="to", description="Last day of the shop, included; today by default.")]
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=2048)]


@app.get("/api/reports/sales", tags=["reporting"])
@api.for_staff
def get_sales_report(first: First = None, last: Last = None) -> SalesReport:
    """Read what was sold by day, in minor units (staff)."""
    days = _figures(first, last)
    return SalesReport(
        first=days[0].day,
        last=days[-1].day,
        days=[SalesOfDay.of(day) for day in days],
        total=SalesFigures.sum_of(days),
    )


@app.get("/api/reports/funnel", tags=["reporting"])
@api.for_staff
def get_funnel_report(first: First = None, last: Last = None) -> FunnelReport:
    """Read how many carts became checkouts, and how many of those were paid (staff)."""
    days = _figures(first, last)
    return FunnelReport.of(days[0].day, days[-1].day, days)


@app.get("/api/reports/products", tags=["reporting"])
@api.for_staff
def get_products_report(
    first: First = None,
    last: Last = None,
    by: Annotated[Literal["sales", "units"], Query(description="What the best sellers are judged by.")] = "sales",
    limit: Limit = 20,
) -> ProductsReport:
    """Read which products sold best (staff)."""
    days = _figures(first, last)
    sold = sum_products(days).values()
    best = sorted(sold, key=lambda product: (-getattr(product, by), product.product_id))
    return ProductsReport(first=days[0].day, last=days[-1].day, items=best[:limit], products=len(best))


@app.get("/api/reports/stock", tags=["reporting"])
@api.for_staff
def get_stock_report(
    at_most: Annotated[int, Query(alias="atMost", ge=0, le=LOW_STOCK)] = LOW_STOCK,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> StockReport:
    """Read which products have few units left, and for how many days as fast as they sold in four weeks (staff)."""
    try:
        levels, next_cursor = stock_levels().low(at_most, limit, cursor)
    except InvalidCursorError:
        raise _foreign_cursor() from None
    today = day_of(sales().now())
    days = sales().figures(today - timedelta(days=SELLING_DAYS - 1), today)
    sold = sum_products(days)
    items = []
    for level in levels:
        units = sold[level.product_id].units if level.product_id in sold else 0
        items.append(
            LowStock(
                product_id=level.product_id,
                name=level.name,
                available=level.available,
                on_hand=level.on_hand,
                units_sold=units,
                days_left=level.available * SELLING_DAYS // units if units else None,
            )
        )
    return StockReport(first=days[0].day, last=today, items=items, next_cursor=next_cursor)


@app.get("/api/reports/files", tags=["reporting"])
@api.for_staff
def list_report_files(limit: Limit = 30, cursor: Cursor = None) -> ReportFilePage:
    """List the files of the daily reports, the newest day first; the limit counts days (staff)."""
    try:
        days, next_cursor = day_store().filed_before(limit, cursor)
    except InvalidCursorError:
        raise _foreign_cursor() from None
    files = [ReportFile(name=name, day=day) for day in days for name in file_names(day)]
    return ReportFilePage(items=files, next_cursor=next_cursor)


@app.get("/api/reports/files/<name>", tags=["reporting"])
@api.for_staff
def get_report_file(name: Annotated[str, Path(max_length=64)]) -> ReportDownload:
    """Get a link to a file, valid for five minutes (staff)."""
    try:
        url, expires_at = report_files().link(name)
    except UnknownFileError:
        raise not_found("file") from None
    return ReportDownload(url=url, expires_at=expires_at)


def _figures(first: date | None, last: date | None) -> list[DayFigures]:
    today = day_of(sales().now())
    end = last or today
    begin = first or end - min(timedelta(days=DEFAULT_DAYS - 1), end - date.min)
    if begin > end:
        raise _invalid("The first day is after the last one.")
    if (end - begin).days >= MAX_DAYS:
        raise _invalid(f"A report has at most {MAX_DAYS} days.")
    if end > today:
        raise _invalid("That day has not begun yet.")
    return sales().figures(begin, end)


def _invalid(sentence: str) -> Problem:
    return Problem(422, "VALIDATION", sentence)


def _foreign_cursor() -> Problem:
    return _invalid("This cursor is not one of ours.")

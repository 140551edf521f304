"""The timer that writes the files of the days that are over, and writes them anew where a fact came late."""

from datetime import timedelta

from bus.context import Context, use_context
from bus.log import logger
from services.reporting.dependencies import day_store, report_files, sales
from services.reporting.domain import DayFigures, day_of, days_between, is_settled
from services.reporting.report_files import ReportFiles
from services.reporting.sales import Sales
from services.reporting.store import DayStore, StoredDay

REPORTED_DAYS = 35
"""How many days a run looks back: a dead letter waits for two weeks at most, and is not redriven later."""


def write_reports(sales: Sales, days: DayStore, files: ReportFiles) -> int:
    """Write the files of each day that is over and has none of its newest facts; return how many days that were.

    Days before the first one with facts have no files: the shop was not there yet. From then on each day has, also one
    on which nothing was sold.

    A day that fails is logged and left to the next run, so that it does not block the others.

    Parameters:
        sales: the figures.
        days: what is stored of the days.
        files: where the files go.

    Raises RuntimeError at the end if a day failed.
    """
    now = sales.now()
    today = day_of(now)
    first, last = today - timedelta(days=REPORTED_DAYS), today - timedelta(days=1)
    stored = days.between(first, last)
    begun = min((known.day for known in stored.values() if known.filed_version is not None), default=today)
    written, failed = 0, 0
    for day in days_between(first, last):
        known = stored.get(day, StoredDay(day))
        if known.filed_version == known.version or not is_settled(day, now):
            continue
        try:
            figures = sales.figures_of(known)
            if day < begun and figures == DayFigures(day=day):
                continue
            begun = min(begun, day)
            files.put(figures)
            # Where a fact came meanwhile, the day is not of this version any more, and the next run writes it again.
            days.mark_filed(known)
        except Exception:  # noqa: BLE001 - whatever failed, the other days have their files
            logger.exception("the report of a day was not written", day=day.isoformat())
            failed += 1
        else:
            written += 1
    if failed:
        raise RuntimeError(f"the reports of {failed} days were not written")
    return written


def handler(_event: object, _context: object) -> None:
    """Write the reports of the days that are over (the Lambda entry of the timer)."""
    with use_context(Context.begin()):
        written = write_reports(sales(), day_store(), report_files())
        logger.info("daily reports written", days=written)

"""The stores of the reporting functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from bus.settings import Settings
from services.reporting.report_files import ReportFiles, ReportFileSettings
from services.reporting.sales import Sales
from services.reporting.store import LIVE, DayStore, FactStore, StockLevelStore


class SalesSettings(Settings):
    """Environment of the functions that count or sum sales."""

    sales_facts_table: str
    sales_days_table: str


class StockSettings(Settings):
    """Environment of the functions that know the stock."""

    stock_levels_table: str


def fact_store(generation: str = LIVE) -> FactStore:
    """Return the facts of a generation; raises MissingSettingError without its table."""
    return FactStore(dynamodb(), SalesSettings.load().sales_facts_table, generation)


@cache
def day_store() -> DayStore:
    """Return the sums of days; raises MissingSettingError without ``SALES_DAYS_TABLE``."""
    return DayStore(dynamodb(), SalesSettings.load().sales_days_table)


@cache
def sales() -> Sales:
    """Return the live sales; raises MissingSettingError without their tables."""
    return Sales(fact_store(), day_store())


@cache
def stock_levels(generation: str = LIVE) -> StockLevelStore:
    """Return the stock of the products in a generation; raises MissingSettingError without ``STOCK_LEVELS_TABLE``."""
    return StockLevelStore(dynamodb(), StockSettings.load().stock_levels_table, generation)


@cache
def report_files() -> ReportFiles:
    """Return the files of the daily reports; raises MissingSettingError without ``REPORTS_BUCKET``."""
    return ReportFiles(client("s3"), ReportFileSettings.load().reports_bucket)

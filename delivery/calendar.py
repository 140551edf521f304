"""Working days of the warehouse and the carriers, and when a parcel arrives."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

from delivery.settings import WORKING_WEEKDAYS, Dispatch, Holiday


def arrival(dispatch: Dispatch, days: tuple[int, int], now: datetime) -> tuple[date, date]:
    """Return the first and the last day on which an order of this moment arrives.

    Parameters:
        dispatch: when parcels leave the warehouse.
        days: the fewest and the most working days on the way.
        now: with a time zone.

    Raises zoneinfo.ZoneInfoNotFoundError where neither the machine nor the package tzdata has the warehouse's zone.
    """
    leaves = dispatch_day(dispatch, now)
    first, last = (_working_days_after(dispatch, leaves, count) for count in days)
    return first, last


def dispatch_day(dispatch: Dispatch, now: datetime) -> date:
    """Return the day on which an order of this moment leaves the warehouse; raises as ``arrival``."""
    from zoneinfo import ZoneInfo

    there = now.astimezone(UTC).astimezone(ZoneInfo(dispatch.time_zone))
    today = there.date()
    if is_working_day(dispatch, today) and 60 * there.hour + there.minute < dispatch.cut_off:
        return today
    return _working_days_after(dispatch, today, 1)


def is_working_day(dispatch: Dispatch, day: date) -> bool:
    """Return whether parcels travel on a day."""
    return day.isoweekday() in WORKING_WEEKDAYS and day not in _holidays(dispatch, day.year)


def _working_days_after(dispatch: Dispatch, day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_working_day(dispatch, day)
    return day


@cache
def _holidays(dispatch: Dispatch, year: int) -> frozenset[date]:
    return frozenset(_date_of(holiday, year) for holiday in dispatch.holidays)


def _date_of(holiday: Holiday, year: int) -> date:
    if holiday.weekday is None:
        return date(year, holiday.month, holiday.day or 1)
    first = date(year, holiday.month, 1)
    first += timedelta(days=(holiday.weekday - first.isoweekday()) % 7)
    month = [first + timedelta(weeks=week) for week in range(5)]
    of_month = [day for day in month if day.month == holiday.month]
    return of_month[holiday.nth - 1 if holiday.nth > 0 else holiday.nth]

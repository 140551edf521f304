"""Until when goods can be returned: by the law on withdrawal, and by the shop's own terms. No AWS.

A day ends at midnight in the shop's time zone, which is behind that of every shopper in Europe: nobody loses an hour.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from schemas.returns import ReturnReason
from schemas.time_zone import TIME_ZONE

WITHDRAWAL_DAYS = 14
"""Directive 2011/83/EU, article 9: from the day after the one on which the last of the goods arrived."""
RETURN_DAYS = 30
"""What the shop allows beyond the law; the help document on returns promises it."""
HOLIDAYS_FROM_MONTH = 11
HOLIDAYS_RETURN_UNTIL = (1, 31)
"""Month and day of the next year until which what was bought in November and December can be returned."""


def withdrawal_until(delivered_at: datetime | None) -> datetime | None:
    """Return when the right to withdraw ends; None before the goods have arrived: it is open until then."""
    return _end_of(_day(delivered_at) + timedelta(days=WITHDRAWAL_DAYS)) if delivered_at else None


def return_until(placed_at: datetime, delivered_at: datetime | None) -> datetime | None:
    """Return until when the shop takes goods back; None before they have arrived.

    Parameters:
        placed_at: when the order was placed.
        delivered_at: when all of it had arrived.
    """
    if delivered_at is None:
        return None
    until = _day(delivered_at) + timedelta(days=RETURN_DAYS)
    placed = _day(placed_at)
    if placed.month >= HOLIDAYS_FROM_MONTH:
        until = max(until, date(placed.year + 1, *HOLIDAYS_RETURN_UNTIL))
    return _end_of(until)


def reason_at(now: datetime, placed_at: datetime, delivered_at: datetime | None) -> ReturnReason | None:
    """Return by which right goods can be given back at a moment; None where it is too late for both.

    Parameters:
        now: the moment at which the shopper has declared it.
        placed_at: when the order was placed.
        delivered_at: when all of it had arrived; None before.
    """
    by_law, by_shop = withdrawal_until(delivered_at), return_until(placed_at, delivered_at)
    if by_law is None or now < by_law:
        return "WITHDRAWN"
    return "RETURNED" if by_shop and now < by_shop else None


def _day(moment: datetime) -> date:
    return moment.astimezone(_zone()).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), _zone())


@cache
def _zone() -> ZoneInfo:
    return ZoneInfo(TIME_ZONE)

"""Counting facts, and the figures of days: stored sums where a day is over, and sums of its facts where it is not.

The sums of a day that is over are stored with the version of its facts that they were read at. A fact that comes late
is stored first and then counted as a new version, which forgets the sums; whoever summed without it cannot store that
any more (`docs/decisions/0120-facts-are-summed-when-read.md`).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

from services.reporting.domain import (
    DayFigures,
    Fact,
    days_between,
    is_late,
    is_settled,
    require_open,
    sum_facts,
)
from services.reporting.store import DayStore, FactStore, StoredDay


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


class Sales:
    """The facts of the shop's days, and their sums.

    Parameters:
        facts: the live facts.
        days: the sums of days that are over.
        now: returns the current time; replaced in tests.
    """

    def __init__(self, facts: FactStore, days: DayStore, now: Callable[[], datetime] = utc_now) -> None:
        self._facts = facts
        self._days = days
        self.now = now

    def count(self, fact: Fact) -> None:
        """Store a fact. Idempotent by its key; raises SealedDayError."""
        require_open(fact.day, self.now())
        self._facts.put(fact)
        if is_late(fact.day, self.now()):
            self._days.change(fact.day)

    def figures(self, first: date, last: date) -> list[DayFigures]:
        """Return the figures of each day of a period, both ends included, in order."""
        stored = self._days.between(first, last)
        days = [stored.get(day, StoredDay(day)) for day in days_between(first, last)]
        # Imported late: threads are for reports, and the consumer of events starts without them.
        from bus.concurrent_calls import map_concurrently

        return map_concurrently(self.figures_of, days)

    def figures_of(self, stored: StoredDay) -> DayFigures:
        """Return the figures of a day, and store them where the day is over.

        Parameters:
            stored: what is stored of the day, read before.
        """
        if stored.figures is not None:
            return stored.figures
        figures = sum_facts(stored.day, self._facts.facts(stored.day))
        if is_settled(stored.day, self.now()):
            self._days.save(stored, figures)
        return figures

"""Rebuilds the reports of a stage from its journal, beside the live ones, and compares both.

The functions of reporting count and compare; this module reads the journal and says which day is next.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from bus.concurrent_calls import MAX_CONCURRENT_CALLS, map_concurrently
from bus.context import Context
from bus.journal_table import RETENTION_SECONDS
from ecom67.base.errors import CliError
from ecom67.events.consumers import load_consumer
from ecom67.events.journal import StageJournal
from ecom67.stage_client import StageClient
from schemas.time_zone import TIME_ZONE

BATCH = 100
"""Events of one invocation: each is a write, and their texts are far below the 6 MB that Lambda takes."""
MAX_DAYS = RETENTION_SECONDS // (24 * 3600) - 1
"""Whole days that the journal has."""
CLOCK_SKEW = timedelta(minutes=1)
LIVE = "live"
OnProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A day, or the stock, in the rebuilt generation and in the live one.

    Attributes:
        what: the day, or ``stock``.
        compared: how many facts, or products, the journal tells of.
        missing: some keys that the live reports lack.
        surplus: some keys of which the journal tells nothing.
        different: some keys with other values.
        figures_agree: whether the sums are the same.
    """

    what: str
    compared: int
    missing: list[str]
    surplus: list[str]
    different: list[str]
    figures_agree: bool

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.figures_agree and not (self.missing or self.surplus or self.different)

    def to_json(self) -> dict[str, Any]:
        """Return it for JSON output."""
        return {
            "what": self.what,
            "compared": self.compared,
            "missing": self.missing,
            "surplus": self.surplus,
            "different": self.different,
            "figuresAgree": self.figures_agree,
        }


class Rebuild:
    """The reports of the last days of a stage, counted anew.

    Every method raises CliError where reporting's function fails.

    Parameters:
        stage: the stage.
        first: the first day that is rebuilt; the journal has to have all of it.
        last: the last one.
    """

    def __init__(self, stage: StageClient, first: date, last: date) -> None:
        self._functions = stage.client("lambda")
        self._arn = stage.published["reporting/maintenance-arn"]
        self._journal = StageJournal(stage)
        self._kinds = load_consumer("services.reporting.events").subscriptions.keys()
        self._context = Context.begin().model_dump(mode="json", exclude_none=True)
        self._generation = f"rebuilt-{uuid4().hex[:12]}"
        self.first, self.last = first, last

    def count(self, on_progress: OnProgress, *, live: bool = False) -> dict[str, str]:
        """Count the events of the journal; return why some were not counted, by their ids.

        Parameters:
            on_progress: called with a sentence after each group of batches.
            live: whether they are counted in the live reports, which changes only what these lack.
        """
        generation = LIVE if live else self._generation
        batches = batched_events(self._events(), BATCH)
        counted = 0
        rejected: dict[str, str] = {}
        while group := list(islice(batches, MAX_CONCURRENT_CALLS)):
            reports = map_concurrently(lambda events: self._run("count", generation, events=events), group)
            for report in reports:
                counted += report["counted"]
                rejected |= report["rejected"]
            on_progress(f"{counted} events counted")
        return rejected

    def compare(self, on_progress: OnProgress) -> Iterator[Comparison]:
        """Yield how each day, and the stock, is in the rebuilt and in the live generation."""
        day = self.first
        while day <= self.last:
            on_progress(f"comparing {day.isoformat()}")
            yield _comparison(day.isoformat(), self._run("compare-day", self._generation, day=day.isoformat()))
            day += timedelta(days=1)
        yield _comparison("stock", self._run("compare-stock", self._generation))

    def _events(self) -> Iterator[dict[str, Any]]:
        begin = datetime(self.first.year, self.first.month, self.first.day, tzinfo=ZoneInfo(TIME_ZONE)).astimezone(UTC)
        for event in self._journal.stream(begin - CLOCK_SKEW, datetime.now(UTC)):
            # What violates its contract is in quarantine, and was counted nowhere.
            if event.kind in self._kinds and not event.violations:
                yield event.message()

    def _run(self, action: str, generation: str, **given: Any) -> dict[str, Any]:
        step = {"action": action, "generation": generation, **given}
        answer = self._functions.invoke(
            FunctionName=self._arn, Payload=json.dumps({"context": self._context, "input": step})
        )
        outcome: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise CliError(f"Reporting's function failed: {outcome.get('errorMessage', outcome)}")
        return outcome


def today() -> date:
    """Return the day of the shop that it is."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


def batched_events(events: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the events in lists of at most ``size``."""
    while batch := list(islice(events, size)):
        yield batch


def _comparison(what: str, report: dict[str, Any]) -> Comparison:
    return Comparison(
        what=what,
        compared=report["counted"],
        missing=report["missing"],
        surplus=report["surplus"],
        different=report["different"],
        figures_agree=report["figuresAgree"],
    )

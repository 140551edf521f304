"""What a bench finds: figures, each beside a yardstick of the same run, and the limit of their ratio."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.artifacts import ARTIFACTS

REPORTS = ARTIFACTS / "bench"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        what: is measured.
        value: of it.
        yardstick: what it is compared with, which the same run has measured.
        against: the value of the yardstick.
        unit: of both values.
        limit: of the ratio.
    """

    what: str
    value: float
    yardstick: str
    against: float
    unit: str
    limit: float

    @property
    def ratio(self) -> float:
        """Return how many times the yardstick it is."""
        return self.value / self.against

    @property
    def is_within(self) -> bool:
        """Return whether the ratio is not beyond its limit."""
        return self.ratio <= self.limit

    def row(self) -> str:
        """Return a row of the table."""
        measured = f"{_short(self.value)} {self.unit}"
        return (
            f"{'  ' if self.is_within else '! '}{self.what:<62} {measured:>12} {self.ratio:>8.2f} {self.limit:>8.2f}"
            f"   × {self.yardstick} ({_short(self.against)} {self.unit})"
        )


HEADING = f"  {'':<62} {'measured':>12} {'ratio':>8} {'limit':>8}   yardstick"


def write(figures: Sequence[Figure]) -> Path:
    """Write a report of this run; return its file."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    found = [
        {
            "what": figure.what,
            "value": figure.value,
            "unit": figure.unit,
            "yardstick": figure.yardstick,
            "against": figure.against,
            "ratio": figure.ratio,
            "limit": figure.limit,
            "within": figure.is_within,
        }
        for figure in figures
    ]
    file = REPORTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps({"at": now.isoformat(), "figures": found}, indent=2) + "\n")
    return file


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

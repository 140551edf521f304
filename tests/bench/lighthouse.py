"""Lighthouse as anybody runs it: its own telephone, its own slow network, and the Chromium of the tests."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecom67.base.paths import ROOT
from tests.deadlines import DEADLINE_SECONDS
from tests.e2e.web.chromium import ARGUMENTS

LIGHTHOUSE = ROOT / "frontend" / "node_modules" / ".bin" / "lighthouse"
SOUND = ("accessibility", "best-practices", "seo")
"""The categories that say the same on every machine."""
PERFORMANCE = ("performance",)
PAGES = {"home": "/", "listing": "/c/kitchen", "product": "/p/enamelled-iron-casserole"}


@dataclass(frozen=True)
class Run:
    """What Lighthouse says of a page.

    Attributes:
        benchmark: how fast it found the machine; about 2,000 for a desktop of 2022.
        scores: 0 to 100, by category.
        metrics: the numbers of the audits that have one, such as ``largest-contentful-paint`` in milliseconds.
        misses: the audits that cost something, with what they say.
    """

    benchmark: float
    scores: dict[str, int]
    metrics: dict[str, float]
    misses: tuple[str, ...]

    @classmethod
    def of(cls, report: dict[str, Any]) -> "Run":
        """Read a report of Lighthouse. Raises ValueError where it could not judge the page."""
        if fault := report.get("runtimeError"):
            raise ValueError(f"Lighthouse could not judge the page: {fault['message']}")
        categories = report["categories"]
        return cls(
            benchmark=report["environment"]["benchmarkIndex"],
            scores={name: round(category["score"] * 100) for name, category in categories.items()},
            metrics={
                name: audit["numericValue"] for name, audit in report["audits"].items() if "numericValue" in audit
            },
            misses=tuple(
                _miss(name, report["audits"][reference["id"]])
                for name, category in categories.items()
                for reference in category["auditRefs"]
                if reference["weight"] and _falls_short(report["audits"][reference["id"]])
            ),
        )


def run(program: Path, url: str, report: Path, categories: Sequence[str], slowdown: float) -> Run:
    """Judge a page once, in a browser of its own.

    Parameters:
        program: of the Chromium.
        url: of the page.
        report: where Lighthouse's own report is kept, without an ending.
        categories: that the page is judged in.
        slowdown: how many times slower than this machine the telephone's processor is.
    """
    subprocess.run(
        [
            LIGHTHOUSE,
            url,
            "--quiet",
            "--no-enable-error-reporting",
            # No audit looks at it.
            "--disable-full-page-screenshot",
            f"--only-categories={','.join(categories)}",
            f"--throttling.cpuSlowdownMultiplier={slowdown}",
            f"--chrome-flags={' '.join(ARGUMENTS)}",
            "--output=json",
            "--output=html",
            f"--output-path={report}",
        ],
        env={**os.environ, "CHROME_PATH": str(program)},
        timeout=DEADLINE_SECONDS,
        check=True,
    )
    return Run.of(json.loads(report.with_name(f"{report.name}.report.json").read_text()))


def _falls_short(audit: dict[str, Any]) -> bool:
    # An audit without a score had nothing to judge.
    return audit["score"] is not None and audit["score"] < 1


def _miss(category: str, audit: dict[str, Any]) -> str:
    value = f", {audit['displayValue']}" if audit.get("displayValue") else ""
    return f"{category}: {audit['title']}{value} ({audit['score'] * 100:.0f})"

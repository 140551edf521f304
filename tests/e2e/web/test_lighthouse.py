"""The pages that a shopper begins with are fast, accessible and sound on a telephone, by Lighthouse's measure."""

from pathlib import Path
from statistics import median

import pytest

from infra.local.connection import Connection
from tests.artifacts import ARTIFACTS, tell
from tests.e2e.web.conftest import Visits
from tests.e2e.web.lighthouse import judged, run
from tests.e2e.web.visit import PHONE

FLOOR = 95
MOST = {"largest-contentful-paint": 3_000, "cumulative-layout-shift": 0.1}
"""Milliseconds, and shares of the window: the score alone would let one of them go for the others."""
RUNS = 3
PAGES = {"home": "/", "listing": "/c/kitchen", "product": "/p/enamelled-iron-casserole"}


# As long as it takes to load a page three times over a slow network, and to look at it.
@pytest.mark.timeout(90, func_only=True)
@pytest.mark.alone
@pytest.mark.parametrize("name", PAGES)
def test_lighthouse_finds_little_to_mend(name: str, stage: Connection, program: Path, visits: Visits) -> None:
    # The functions behind the page are warm, as they are of a shop with visitors.
    visits(size=PHONE).page(PAGES[name]).wait_for_load_state("networkidle")
    reports = ARTIFACTS / "lighthouse"
    reports.mkdir(parents=True, exist_ok=True)

    runs = [run(program, stage.shop_url + PAGES[name], reports / f"{name}-{number}") for number in range(1, RUNS + 1)]

    scores = judged(runs)
    misses = sorted({miss for each in runs for miss in each.misses})
    every = ", ".join(str(each.scores["performance"]) for each in runs)
    figures = ", ".join(f"{category} {score}" for category, score in scores.items())
    tell(
        f"web-lighthouse-{name}",
        [f"Lighthouse of {name}, median of {RUNS}: {figures} (performance of each: {every})"],
        misses,
    )
    assert {category: score for category, score in scores.items() if score < FLOOR} == {}, "\n".join(misses)
    measured = {metric: median(each.metrics[metric] for each in runs) for metric in MOST}
    assert {metric: value for metric, value in measured.items() if value > MOST[metric]} == {}, "\n".join(misses)

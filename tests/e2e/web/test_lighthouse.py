"""The pages that a shopper begins with are accessible and sound on a telephone, as Lighthouse sees it.

How fast they are is measured by ``make bench``.
"""

from pathlib import Path

import pytest

from ecom67.local.connection import Connection
from tests.artifacts import ARTIFACTS
from tests.e2e.web.lighthouse import PAGES, SOUND, run

FLOOR = 95


@pytest.mark.parametrize("name", PAGES)
def test_lighthouse_finds_little_to_mend(name: str, stage: Connection, program: Path) -> None:
    reports = ARTIFACTS / "lighthouse"
    reports.mkdir(parents=True, exist_ok=True)

    judged = run(program, stage.shop_url + PAGES[name], reports / name, SOUND)

    assert judged.scores.keys() == set(SOUND)
    assert min(judged.scores.values()) >= FLOOR, "\n".join([str(judged.scores), *judged.misses])

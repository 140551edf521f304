"""The health of a stage, in a sentence."""

import pytest

from ecom67.local.status import Health, StageStatus


@pytest.mark.parametrize(
    ("emulator", "origin", "summary"),
    [
        (Health.RUNNING, Health.RUNNING, "good: all 2 processes run and answer"),
        (Health.STOPPED, Health.STOPPED, "stopped; start it with `make up`"),
        (Health.RUNNING, Health.CRASHED, "bad: origin; see the logs, or start again with `make up`"),
        (Health.SILENT, Health.CRASHED, "bad: emulator, origin; see the logs, or start again with `make up`"),
    ],
)
def test_the_health_of_a_stage_is_that_of_its_processes(emulator: Health, origin: Health, summary: str) -> None:
    assert StageStatus({}, {"emulator": emulator, "origin": origin}).summary == summary

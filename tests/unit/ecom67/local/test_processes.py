import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ecom67.local.processes import StageProcess, birth_of


@pytest.fixture
def process(tmp_path: Path) -> StageProcess:
    return StageProcess(
        name="clock",
        title="the clock",
        command=(sys.executable, "-c", "import sys; sys.stdin.read()"),
        environment={},
        port=0,
        health_path="/",
        state=tmp_path,
        port_option="--clock-port",
    )


def _record(process: StageProcess, pid: int, birth: str | None) -> None:
    process.record.parent.mkdir()
    process.record.write_text(json.dumps({"pid": pid, "birth": birth, "command": list(process.command)}))


def test_a_recorded_process_that_lives_is_known(process: StageProcess) -> None:
    _record(process, os.getpid(), birth_of(os.getpid()))

    assert process.pid() == os.getpid()


def test_another_process_that_got_the_same_id_is_neither_ours_nor_stopped(process: StageProcess) -> None:
    _record(process, os.getpid(), "another boot/1")

    assert process.pid() is None
    assert process.stop() is False
    assert not process.record.exists()


def test_a_process_that_runs_as_it_should_is_not_started_again(process: StageProcess) -> None:
    _record(process, os.getpid(), birth_of(os.getpid()))

    assert process.start() is False


def test_a_damaged_record_counts_as_none(process: StageProcess) -> None:
    process.record.parent.mkdir()
    process.record.write_text("{")

    assert process.pid() is None


def test_nothing_was_born_under_an_unused_id() -> None:
    assert birth_of(2**22 + 1) is None


def test_the_environment_is_not_shown_with_the_process(process: StageProcess) -> None:
    assert "s3cret" not in repr(replace(process, environment={"KEY": "s3cret"}))

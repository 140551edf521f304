import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

import psutil
import pytest

from ecom67.base.errors import CliError
from ecom67.local.processes import StageProcess, started_at
from tests.free_ports import free_ports


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


@pytest.fixture
def this_process(process: StageProcess) -> StageProcess:
    return replace(process, command=tuple(psutil.Process().cmdline()))


def _record(process: StageProcess, pid: int, started: float | None) -> None:
    process.record.parent.mkdir()
    process.record.write_text(json.dumps({"pid": pid, "started": started, "command": list(process.command)}))


def test_a_recorded_process_that_lives_is_known(this_process: StageProcess) -> None:
    _record(this_process, os.getpid(), started_at(os.getpid()))

    assert this_process.pid() == os.getpid()


def test_another_process_that_got_the_same_id_is_neither_ours_nor_stopped(this_process: StageProcess) -> None:
    _record(this_process, os.getpid(), (started_at(os.getpid()) or 0) - 1)

    assert this_process.pid() is None
    assert this_process.stop() is False
    assert not this_process.record.exists()


def test_another_program_with_the_same_id_and_start_is_neither_ours_nor_stopped(process: StageProcess) -> None:
    _record(process, os.getpid(), started_at(os.getpid()))

    assert process.pid() is None
    assert process.stop() is False


def test_a_process_that_runs_as_it_should_is_not_started_again(this_process: StageProcess) -> None:
    _record(this_process, os.getpid(), started_at(os.getpid()))

    assert this_process.start() is False


def test_a_process_can_be_stopped_as_soon_as_it_was_started(
    process: StageProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The kernel shows a program's arguments a moment after it has begun to run it.
    shown, looks = psutil.Process.cmdline, count()
    monkeypatch.setattr(psutil.Process, "cmdline", lambda self: [] if next(looks) < 3 else shown(self))
    waiting = replace(process, command=("/bin/sleep", "60"), port=free_ports().shop)

    assert waiting.start() is True
    pid = json.loads(waiting.record.read_text())["pid"]
    try:
        assert waiting.stop() is True
        assert not psutil.pid_exists(pid)
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("text", ["{", '{"pid": 1}', "[]"])
def test_a_damaged_record_counts_as_none(process: StageProcess, text: str) -> None:
    process.record.parent.mkdir()
    process.record.write_text(text)

    assert process.pid() is None


def test_no_process_started_under_an_unused_id() -> None:
    assert started_at(2**22 + 1) is None


def test_the_environment_is_not_shown_with_the_process(process: StageProcess) -> None:
    assert "s3cret" not in repr(replace(process, environment={"KEY": "s3cret"}))


def test_a_process_that_is_killed_before_it_has_saved_is_told_of(process: StageProcess) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    stubborn = replace(
        process, command=(sys.executable, "-c", deaf), port=free_ports().shop, stop_seconds=0.2, environment={}
    )
    stubborn.start()
    while "deaf" not in stubborn.log.read_text():
        pass

    with pytest.raises(CliError, match="was killed: what it had not saved is lost"):
        stubborn.stop()

    assert not stubborn.record.exists()

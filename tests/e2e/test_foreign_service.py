"""A service of another team subscribes as docs/subscribing.md says, word for word, in a shell without settings."""

import os
import queue
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecom67.local.connection import Connection
from infra.constructs.paths import ROOT
from tests.deadlines import DEADLINE_SECONDS

PAGE = ROOT / "docs" / "subscribing.md"
EXAMPLE = ROOT / "docs" / "examples" / "loyalty.py"
RULE = "loyalty-orders"


class Running:
    """A program whose lines can be waited for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._output = process.stdout
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def close(self) -> None:
        """Let go of a program that has ended."""
        self._reader.join()
        if self._output:
            self._output.close()

    def _read(self) -> None:
        for line in self._output or ():
            self._lines.put(line.strip())

    def await_line(self, word: str) -> str:
        """Return the next line with that word in it; fails at the deadline."""
        deadline, seen = time.monotonic() + DEADLINE_SECONDS, []
        while (left := deadline - time.monotonic()) > 0:
            try:
                seen.append(self._lines.get(timeout=left))
            except queue.Empty:
                break
            if word in seen[-1]:
                return seen[-1]
        pytest.fail(f"no line with {word!r} in {seen}")


class Reader:
    """Someone who follows the page in a shell without any settings, in the folder of a checkout.

    Parameters:
        folder: takes the place of the checkout: what the page runs writes there.
        stage: the running stage; its ports are other ones than those of ``make up``.
    """

    def __init__(self, folder: Path, stage: Connection) -> None:
        self._folder, self._stage = folder, stage
        (folder / "docs").symlink_to(ROOT / "docs")
        programs = folder / ".venv" / "bin"
        programs.mkdir(parents=True)
        # The state folder is not the checkout's; nothing else is set.
        state = f"ECOM67_STATE={shlex.quote(str(stage.paths.state))}"
        python = shlex.quote(sys.executable)
        for name, command in {"python": python, "ecom67": f"env {state} PYTHONPATH={ROOT} {python} -m ecom67"}.items():
            (programs / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (programs / name).chmod(0o755)

    def start(self, script: str) -> subprocess.Popen[str]:
        """Start the lines of the page in a shell."""
        return subprocess.Popen(
            ["/bin/sh", "-e", "-c", script.replace("http://127.0.0.1:4566", self._stage.endpoint_url)],
            env={"PATH": "/usr/bin:/bin", "HOME": str(self._folder), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # The shell's own children end with it.
            start_new_session=True,
        )


def lines_of_page() -> list[str]:
    """Return the blocks of shell lines of the page, in order."""
    return re.findall(r"```sh\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


@pytest.fixture
def reader(stage: Connection, tmp_path: Path) -> Reader:
    return Reader(tmp_path, stage)


@pytest.fixture
def loyalty(stage: Connection, reader: Reader) -> Iterator[Running]:
    *setup, _ = lines_of_page()
    process = reader.start("".join(setup))
    running = Running(process)
    try:
        yield running
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=DEADLINE_SECONDS)
        running.close()
        events, bus = stage.client("events"), stage.published()["bus/name"]
        events.remove_targets(Rule=RULE, EventBusName=bus, Ids=["queue"])
        events.delete_rule(Name=RULE, EventBusName=bus)


def test_the_lines_of_the_page_make_a_service_that_gets_the_orders(reader: Reader, loyalty: Running) -> None:
    loyalty.await_line("Waiting for orders")

    # In another terminal
    demo = reader.start(lines_of_page()[-1])
    output, _ = demo.communicate(timeout=DEADLINE_SECONDS)

    assert demo.returncode == 0, output
    assert "points for order" in loyalty.await_line("earns")


def test_the_example_is_short() -> None:
    code = [line for line in EXAMPLE.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]

    assert len(code) <= 30

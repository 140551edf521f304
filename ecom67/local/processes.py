"""Long-running processes of the local stage, which outlive the command that starts them.

A record in the stage's folder identifies each of them; a process that does not match its record is never stopped.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TypedDict

import psutil

from ecom67.base.errors import CliError
from ecom67.local.stage_paths import HOST

POLL_SECONDS = 0.05
START_SECONDS = 5.0
READY_SECONDS = 120.0
ANSWER_SECONDS = 10.0
"""In which a process that runs answers, also on a machine that is very busy."""
STOP_SECONDS = 30.0
SAVE_SECONDS = 180.0
"""For a process that saves its data when it is stopped: a busy machine, and very much data."""
START_TOLERANCE_SECONDS = 0.5
"""By which two readings of one process's start may differ: some systems adjust their boot time."""

# Children of this very process have to be polled, or they stay as zombies.
_children: dict[int, subprocess.Popen[bytes]] = {}


class ProcessRecord(TypedDict):
    """What identifies a process that was started."""

    pid: int
    started: float | None  # seconds after the boot of the machine
    command: list[str]


@dataclass(frozen=True, slots=True)
class StageProcess:
    """A process of the stage that serves a port.

    Attributes:
        name: short name, of its log and its record.
        title: name in messages, such as ``the emulator``.
        command: program and arguments.
        environment: the complete environment.
        port: the port that it serves on 127.0.0.1.
        health_path: URL path that answers with a status below 500 once the process is ready.
        state: the stage's folder.
        port_option: the option that selects another port, for messages.
        stop_seconds: how long it may take to end once it is told to.
    """

    name: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    port: int
    health_path: str
    state: Path
    port_option: str
    stop_seconds: float = STOP_SECONDS

    @property
    def log(self) -> Path:
        """Return the file of its output."""
        return self.state / "logs" / f"{self.name}.log"

    @property
    def record(self) -> Path:
        """Return the file that identifies the process while it runs."""
        return self.state / "processes" / f"{self.name}.json"

    def pid(self) -> int | None:
        """Return the id of the running process; None while it does not run."""
        process = self._process()
        return process.pid if process else None

    def start(self) -> bool:
        """Start the process unless it is already running with this command; return whether it was started.

        Raises CliError where its port is taken.
        """
        if self.pid() is not None:
            record = self.read_record()
            if record and record["command"] == list(self.command):
                return False
            self.stop()
        if is_port_taken(self.port):
            raise CliError(
                f"Port {self.port}, which {self.title} needs, is taken by another program. "
                f"End that program, or choose another port with {self.port_option}."
            )
        for folder in (self.log.parent, self.record.parent):
            folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            child = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _children[child.pid] = child
        _await_arguments(child)
        self.record.write_text(
            json.dumps({"pid": child.pid, "started": started_at(child.pid), "command": list(self.command)})
        )
        return True

    def await_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until the process answers; raises CliError where it exits or does not answer in time."""
        for _ in _until(seconds):
            if self.answers():
                return
            if self.pid() is None:
                raise CliError(f"{_capital(self.title)} stopped as soon as it was started.", self.log)
        raise CliError(f"{_capital(self.title)} did not answer within {seconds:.0f} s.", self.log)

    def answers(self) -> bool:
        """Return whether the process answers at its port."""
        connection = HTTPConnection(HOST, self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", self.health_path)
            return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> bool:
        """Terminate the process and wait until it has saved its data; return whether it was running.

        Raises CliError where it had to be killed, since it did not end within its seconds.
        """
        process = self._process()
        killed = False
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
                if not _has_ended(process, self.stop_seconds):
                    killed = True
                    process.kill()
                    _has_ended(process, STOP_SECONDS)
            # Processes that it has started itself, such as the functions' workers, are in its group.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        self.record.unlink(missing_ok=True)
        if killed:
            raise CliError(
                f"{_capital(self.title)} did not end within {self.stop_seconds:.0f} s and was killed: what it had not"
                " saved is lost. The next start says what.",
                self.log,
            )
        return process is not None

    def _process(self) -> psutil.Process | None:
        """Return the running process that the record describes: the same id, start time and arguments."""
        record = self.read_record()
        process = _find(record["pid"]) if record else None
        if record is None or process is None or record["started"] is None:
            return None
        try:
            same_start = abs(_seconds_after_boot(process) - record["started"]) < START_TOLERANCE_SECONDS
            # After a reboot another process may have the same id and start. Some launchers replace the program's name.
            return process if same_start and process.cmdline()[1:] == record["command"][1:] else None
        except psutil.Error:
            return None

    def read_record(self) -> ProcessRecord | None:
        """Return the record of the process that was started last, if it was not stopped; None where there is none."""
        try:
            record = json.loads(self.record.read_text())
            return ProcessRecord(pid=record["pid"], started=record["started"], command=record["command"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


def started_at(pid: int) -> float | None:
    """Return when a process started, in seconds after the boot; None where no process has that id."""
    try:
        return _seconds_after_boot(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return None


def _find(pid: int) -> psutil.Process | None:
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        del _children[pid]
        return None
    try:
        process = psutil.Process(pid)
        return None if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD) else process
    except psutil.NoSuchProcess:
        return None


def _seconds_after_boot(process: psutil.Process) -> float:
    # Unlike the time of day, this does not change when the clock is set.
    return process.create_time() - psutil.boot_time()


def is_port_taken(port: int) -> bool:
    """Return whether a program on this machine uses the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((HOST, port)) == 0:
            return True
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _await_arguments(child: subprocess.Popen[bytes]) -> None:
    """Wait until the arguments of a started process can be read: the kernel shows them a moment after its start.

    Without them it would count as another's process, and would not be stopped.
    """
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(child.pid)
        for _ in _until(START_SECONDS, pause=0.001):
            if child.poll() is not None or process.cmdline():
                return


def _has_ended(process: psutil.Process, seconds: float) -> bool:
    return any(_find(process.pid) != process for _ in _until(seconds))


def _until(seconds: float, pause: float = POLL_SECONDS) -> Iterator[None]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(pause)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""Processes that outlive the command which starts them: started once, known by a record, stopped only if ours."""

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

from ecom67.base.errors import CliError
from ecom67.local.stage_paths import HOST

POLL_SECONDS = 0.05
READY_SECONDS = 30.0
STOP_SECONDS = 30.0

# Children of this very process have to be waited for, or they stay as zombies and look alive.
_children: dict[int, subprocess.Popen[bytes]] = {}


class _Record(TypedDict):
    pid: int
    birth: str | None
    command: list[str]


@dataclass(frozen=True, slots=True)
class StageProcess:
    """A process of the stage that serves a port.

    Attributes:
        name: short name, of its log and its record.
        title: what a person calls it, such as ``the emulator``.
        command: program and arguments.
        environment: its whole environment.
        port: that it serves on 127.0.0.1.
        health_path: answers with a status below 500 as soon as it is ready.
        state: the stage's folder.
        port_option: how to choose another port.
    """

    name: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    port: int
    health_path: str
    state: Path
    port_option: str

    @property
    def log(self) -> Path:
        """Return where its output goes."""
        return self.state / "logs" / f"{self.name}.log"

    @property
    def record(self) -> Path:
        """Return the file that tells which process it is, while it runs."""
        return self.state / "processes" / f"{self.name}.json"

    def pid(self) -> int | None:
        """Return its process id; None where it does not run."""
        recorded = self._recorded()
        if recorded and birth_of(recorded["pid"]) == recorded["birth"]:
            return recorded["pid"]
        return None

    def start(self) -> bool:
        """Start it unless it runs as it should already; return whether it was started.

        Raises CliError where its port is taken.
        """
        if self.pid() is not None:
            recorded = self._recorded()
            if recorded and recorded["command"] == list(self.command):
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
        self.record.write_text(
            json.dumps({"pid": child.pid, "birth": birth_of(child.pid), "command": list(self.command)})
        )
        return True

    def await_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until it answers; raises CliError where it ends or stays silent."""
        for _ in _until(seconds):
            if self.answers():
                return
            if self.pid() is None:
                raise CliError(f"{_capital(self.title)} stopped as soon as it was started.", self.log)
        raise CliError(f"{_capital(self.title)} did not answer within {seconds:.0f} s.", self.log)

    def answers(self) -> bool:
        """Return whether it serves its port."""
        connection = HTTPConnection(HOST, self.port, timeout=2)
        try:
            connection.request("GET", self.health_path)
            return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> bool:
        """Ask it to end and wait until it has saved its data; return whether it ran."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            if not _has_ended(pid, STOP_SECONDS):
                os.kill(pid, signal.SIGKILL)
                _has_ended(pid, STOP_SECONDS)
            # What it had started itself, such as the functions' workers, is in its group.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self.record.unlink(missing_ok=True)
        return pid is not None

    def _recorded(self) -> "_Record | None":
        try:
            recorded: _Record = json.loads(self.record.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return recorded


def birth_of(pid: int) -> str | None:
    """Return what tells a living process from another one that later gets its id; None where none lives."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        del _children[pid]
        return None
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        return _birth_on_linux(stat)
    listed = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return None if not listed or listed.startswith("Z") else listed.partition(" ")[2].strip()


def _birth_on_linux(stat: Path) -> str | None:
    try:
        # The name in parentheses may hold anything; after it come the state and 18 fields before the start time.
        fields = stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"


def is_port_taken(port: int) -> bool:
    """Return whether some program serves the port on this machine."""
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


def _has_ended(pid: int, seconds: float) -> bool:
    born = birth_of(pid)
    return born is None or any(birth_of(pid) != born for _ in _until(seconds))


def _until(seconds: float) -> Iterator[None]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(POLL_SECONDS)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""Starts the processes of functions by forking one that has imported what they share.

MiniStack starts an interpreter for each function, and further ones for calls at the same time: each imports the same
libraries, for a quarter of a second of a processor and 40 MB. Here one process imports them, and a function's process
is a fork of it that imports the function's own package. Everything here depends on MiniStack's inner structure.
"""

import multiprocessing
import os
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import forkserver, util
from multiprocessing.connection import Connection
from typing import Any, TextIO

from ministack.core import lambda_runtime

from ecom67.local.script_process import END_OF_LOG, run_script

PRELOADED = ("ecom67.local.shared_imports", run_script.__module__)
LOG_SECONDS = 5.0
"""How long the end of a call's log is waited for: a guard against hanging."""
MAX_FOLDER_LENGTH = 64
"""A socket's path has 103 characters at most on some systems, of which its name and its own folder take up to 40."""
_CONTEXT = multiprocessing.get_context("forkserver")
_START_INTERPRETER = subprocess.Popen


class ForkedProcess:
    """A running Python script, with the interface of ``subprocess.Popen`` as far as MiniStack uses it.

    Parameters:
        script: path of the script.
        cwd: its working directory.
        env: its complete environment.

    Attributes:
        stdin, stdout, stderr: pipes to it, of text by lines.
    """

    def __init__(self, script: str, cwd: str, env: Mapping[str, str]) -> None:
        ends = [_CONTEXT.Pipe(duplex=False) for _ in range(3)]
        (its_stdin, stdin), (stdout, its_stdout), (stderr, its_stderr) = ends
        theirs = (its_stdin, its_stdout, its_stderr)
        # A daemon is ended with the emulator, which else would wait for it.
        self._process = _CONTEXT.Process(target=run_script, args=(script, cwd, dict(env), *theirs), daemon=True)
        self._process.start()
        for end in theirs:
            end.close()
        self.stdin = _text(stdin, "w")
        self.stdout = _text(stdout, "r")
        self.stderr = _text(stderr, "r")

    @property
    def pid(self) -> int | None:
        """Return the id of the process."""
        return self._process.pid

    def poll(self) -> int | None:
        """Return its exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Return its exit code once it has ended; raises TimeoutExpired after these seconds."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("a function", timeout or 0)
        return self._process.exitcode

    def terminate(self) -> None:
        """Send it SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """Send it SIGKILL."""
        self._process.kill()


class ForkedWorker(lambda_runtime.Worker):  # type: ignore[misc]
    """MiniStack's worker of a function, which reads the log of a call to its end.

    MiniStack waits up to 0.05 s after each call for what the function may have logged, also where it logs nothing.
    """

    def _spawn(self) -> None:
        # One is written when the function is imported.
        self._ends_before_call = 1
        super()._spawn()

    def _read_stderr(self) -> None:
        lines, log = self._stderr_queue, self._proc.stderr
        with suppress(OSError, ValueError):
            for line in log:
                lines.put(line.rstrip("\n"))
        # Of a process that has ended nothing more will come, however many calls it was to answer.
        lines.put(END_OF_LOG)
        lines.put(END_OF_LOG)

    def _drain_stderr(self) -> str:
        """Return what is there of the log of a call that did not end."""
        return "\n".join(text for line in str(super()._drain_stderr()).split("\n") if (text := _without_end(line)))

    def _drain_stderr_bounded(self, *_: float, **__: float) -> str:
        """Return the log of a call that has been answered."""
        ends = 1 + self._ends_before_call
        found: list[str] = []
        deadline = time.monotonic() + LOG_SECONDS
        with suppress(queue.Empty):
            while ends:
                line = self._stderr_queue.get(timeout=max(0.0, deadline - time.monotonic()))
                ends -= line.endswith(END_OF_LOG)
                if text := _without_end(line):
                    found.append(text)
        # What comes later belongs before the end of the next call.
        self._ends_before_call = ends
        return "\n".join(found)


def fork_functions() -> None:
    """Make the emulator in this process fork its functions, and begin with the imports."""
    _CONTEXT.set_forkserver_preload(list(PRELOADED))
    _choose_folder_of_socket()
    forkserver.ensure_running()
    worker_class_for = lambda_runtime._worker_class_for  # noqa: SLF001

    def forked(config: dict[str, Any]) -> type:
        found: type = worker_class_for(config)
        is_python = str(config.get("Runtime", "")).startswith("python")
        return ForkedWorker if found is lambda_runtime.Worker and is_python else found

    lambda_runtime._worker_class_for = forked  # noqa: SLF001
    lambda_runtime.subprocess = _Subprocess()


def _choose_folder_of_socket() -> None:
    """Let the server's socket be in a folder with a short path, where the stage's is too long for a socket."""
    folder = tempfile.gettempdir()
    if len(folder) > MAX_FOLDER_LENGTH:
        tempfile.tempdir = "/tmp"  # noqa: S108 - a new folder in it, for this user alone
    try:
        util.get_temp_dir()
    finally:
        tempfile.tempdir = folder


def _without_end(line: str) -> str:
    return line.removesuffix(END_OF_LOG)


class _Subprocess:
    """The module ``subprocess`` as the emulator's functions see it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)

    @staticmethod
    def Popen(command: Sequence[str], **options: Any) -> Any:  # noqa: N802 - the name of what it stands for
        if command[0] == sys.executable and len(command) == 2:
            return ForkedProcess(command[1], options["cwd"], options["env"])
        return _START_INTERPRETER(command, **options)


def _text(end: Connection, mode: str) -> TextIO:
    number = os.dup(end.fileno())
    end.close()
    return open(number, mode, buffering=1, encoding="utf-8")  # type: ignore[return-value] # noqa: PTH123

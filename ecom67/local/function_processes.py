"""Starts the processes of functions by forking one that has imported what they share.

MiniStack starts an interpreter for each function, and further ones for calls at the same time: each imports the same
libraries, for a quarter of a second of a processor and 40 MB. Here one process imports them, and a function's process
is a fork of it that imports the function's own package. Everything here depends on MiniStack's inner structure.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver, util
from multiprocessing.connection import Connection
from typing import Any, TextIO

from ministack.core import lambda_runtime

from ecom67.local.script_process import run_script

PRELOADED = ("ecom67.local.shared_imports", run_script.__module__)
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


def fork_functions() -> None:
    """Make the emulator in this process fork its functions, and begin with the imports."""
    _CONTEXT.set_forkserver_preload(list(PRELOADED))
    _choose_folder_of_socket()
    forkserver.ensure_running()
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

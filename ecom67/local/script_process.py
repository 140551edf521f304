"""The process of a function, as `function_processes` forks it: it takes its streams and folders, and runs a script."""

import os
import runpy
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TextIO

END_OF_LOG = "\0end of log"
"""Stands in the log after each answer: whoever reads both knows that there is nothing more to wait for."""


class AnswerStream:
    """The output of a script that flushes it after each answer, and logs elsewhere.

    Parameters:
        output: to which it answers.
        log: to which it logs, where an answer is followed by END_OF_LOG.
    """

    def __init__(self, output: TextIO, log: TextIO) -> None:
        self._output = output
        self._log = log

    def write(self, text: str) -> int:
        """Write a part of an answer."""
        return self._output.write(text)

    def flush(self) -> None:
        """Send an answer."""
        self._log.write(f"{END_OF_LOG}\n")
        self._log.flush()
        self._output.flush()


def run_script(
    script: str, cwd: str, env: Mapping[str, str], stdin: Connection, stdout: Connection, stderr: Connection
) -> None:
    """Be the process of a script: take its streams, environment and folders, and run it.

    Parameters:
        script, cwd, env: as of ForkedProcess.
        stdin, stdout, stderr: its ends of the pipes.
    """
    for number, end in enumerate((stdin, stdout, stderr)):
        os.dup2(end.fileno(), number)
        end.close()
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    output = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = AnswerStream(output, sys.stderr)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [script]
    # A function must not find in the checkout what its package lacks.
    sys.path[:] = [str(Path(script).parent), *(path for path in sys.path if not _is_checkout(path))]
    runpy.run_path(script, run_name="__main__")


def _is_checkout(path: str) -> bool:
    return Path(path, __package__.partition(".")[0]).is_dir()

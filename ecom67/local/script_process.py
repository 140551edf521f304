"""The process of a function, as `function_processes` forks it: it takes its streams and folders, and runs a script."""

import os
import runpy
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path


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
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [script]
    # A function must not find in the checkout what its package lacks.
    sys.path[:] = [str(Path(script).parent), *(path for path in sys.path if not _is_checkout(path))]
    runpy.run_path(script, run_name="__main__")


def _is_checkout(path: str) -> bool:
    return Path(path, __package__.partition(".")[0]).is_dir()

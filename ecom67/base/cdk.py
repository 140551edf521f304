"""Runs the CDK command line of ``node_modules``."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT

MIN_NODE_VERSION = 20
EMULATOR_URL_PREFIX = "http://127.0.0.1:"
_CDK = ROOT / "node_modules" / ".bin" / "cdk"
# Overrides `cdk.json`: this interpreter certainly has the dependencies.
APP = f"{sys.executable} app.py"


def check() -> str:
    """Return the version of Node.js; raises CliError where it is missing or too old, or the CDK is missing."""
    node = shutil.which("node")
    if node is None:
        raise CliError(
            f"Node.js is missing. Install version {MIN_NODE_VERSION} or newer: the CDK's command line needs it."
        )
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").partition(".")[0]) < MIN_NODE_VERSION:
        raise CliError(f"Node.js is {version}, which is too old. Install version {MIN_NODE_VERSION} or newer.")
    if not _CDK.exists():
        raise CliError("The CDK's command line is missing. Install it with `make setup`.")
    return version


def run(
    arguments: list[str], environment: Mapping[str, str], log: Path, on_line: Callable[[str], None] | None = None
) -> None:
    """Run ``cdk`` for the local stage and write its output to a log.

    Parameters:
        arguments: the arguments of ``cdk``.
        environment: the complete environment of the process.
        log: overwritten.
        on_line: called with each line of output.

    Raises CliError where it fails, or where ``AWS_ENDPOINT_URL`` is not an emulator on this machine.
    """
    if not environment.get("AWS_ENDPOINT_URL", "").startswith(EMULATOR_URL_PREFIX):
        raise CliError("AWS_ENDPOINT_URL does not name an emulator on this machine, so nothing is deployed.")
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(_CDK), *arguments]
    with (
        log.open("w") as log_file,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as child,
    ):
        try:
            for line in child.stdout or ():
                log_file.write(line)
                if on_line:
                    on_line(line.rstrip())
        except BaseException:
            child.terminate()
            raise
    if child.returncode:
        raise CliError(f"`cdk {arguments[0]}` failed (exit code {child.returncode}).", log)


def run_in_foreground(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run ``cdk`` on the caller's terminal and return its exit code."""
    return subprocess.run([str(_CDK), *arguments], cwd=ROOT, env=dict(environment), check=False).returncode

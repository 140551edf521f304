"""Functions as Lambda starts them: package, layer, Python 3.13, and AWS's emulator of the runtime interface."""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

from ecom67.base.errors import CliError
from ecom67.base.paths import CACHE
from ecom67.local.stage_paths import HOST
from infra.constructs.bytecode import RUNTIME_VERSION, runtime_compiler
from infra.constructs.layer_build import build_layer
from infra.constructs.paths import ROOT
from tests.deadlines import DEADLINE_SECONDS
from tests.free_ports import free_ports
from tests.go_programs import LAMBDA_RIE

LOCKS = ROOT / "requirements"
PROVIDED = LOCKS / "lambda.txt"
"""What Lambda brings: the runtime interface client and the SDK."""
PLATFORM = f"{platform.machine()}-manylinux_2_28"
"""The platform of this machine: the functions' own is built for another processor, from the same lock."""
DEPENDENCY_SETS = sorted({path.stem for path in LOCKS.glob("*.txt")} - {"dev", "embedding", "lambda"})
INVOKE = "/2015-03-31/functions/function/invocations"


def find_python() -> Path:
    """Return an interpreter of the functions' version; raises CliError where there is none."""
    found = runtime_compiler()
    if found is None:
        raise CliError(f"Python {RUNTIME_VERSION} is missing: the functions run on it.")
    return Path(found.python)


@dataclass(frozen=True, slots=True)
class LambdaRuntime:
    """What starts functions.

    Attributes:
        emulator: AWS's emulator of the runtime interface.
        python: interpreter of an environment with what Lambda brings, and nothing else.
    """

    emulator: Path
    python: Path

    @staticmethod
    def is_prepared() -> bool:
        """Return whether nothing has to be built."""
        try:
            return LAMBDA_RIE.is_built and (_folder(find_python()) / "done").exists()
        except CliError:
            return False

    @classmethod
    def prepare(cls) -> "LambdaRuntime":
        """Return the runtime, with all layers, built if needed; raises CliError where it cannot be had."""
        runtime = cls(LAMBDA_RIE.build(), _environment(find_python()))
        for dependencies in DEPENDENCY_SETS:
            layer(dependencies)
        return runtime

    @contextmanager
    def started(
        self, handler: str, package: Path, dependencies: list[str], variables: Mapping[str, str]
    ) -> Iterator["StartedFunction"]:
        """Start a function within the block.

        Parameters:
            handler: its handler, as the template names it.
            package: folder of its package.
            dependencies: its dependency sets, which are layers.
            variables: its environment.
        """
        ports = free_ports()
        layers = [str(layer(name) / "python") for name in dependencies]
        addresses = {"interface": f"{HOST}:{ports.shop}", "runtime": f"{HOST}:{ports.stripe}"}
        # Not a pipe: a function that logs much would wait for a reader.
        with tempfile.TemporaryFile("w+") as written:
            process = subprocess.Popen(
                [
                    *(str(self.emulator), "--runtime-interface-emulator-address", addresses["interface"]),
                    *("--runtime-api-address", addresses["runtime"], str(self.python), "-m", "awslambdaric", handler),
                ],
                cwd=package,
                env={
                    "PATH": "/usr/bin:/bin",
                    "HOME": "/nonexistent",
                    "LAMBDA_TASK_ROOT": str(package),
                    "PYTHONPATH": os.pathsep.join([str(package), *layers]),
                    # Not into the package, which Lambda mounts read-only; kept, so that each library is compiled once.
                    "PYTHONPYCACHEPREFIX": str(self.python.parents[1] / "pycache"),
                    "AWS_LAMBDA_FUNCTION_TIMEOUT": "30",
                    **variables,
                },
                stdout=written,
                stderr=subprocess.STDOUT,
            )
            try:
                yield StartedFunction(f"http://{addresses['interface']}{INVOKE}", written)
            finally:
                # It ends the function, too.
                process.terminate()
                process.wait(timeout=DEADLINE_SECONDS)


@dataclass(frozen=True, slots=True)
class StartedFunction:
    """A function that waits for events."""

    url: str
    written: IO[str]

    def answer(self, event: object) -> Any:
        """Return the function's answer to an event; an error is a dict with ``errorType``."""
        with httpx.Client(
            trust_env=False, timeout=DEADLINE_SECONDS, transport=httpx.HTTPTransport(retries=8)
        ) as client:
            answer = client.post(self.url, content=json.dumps(event))
        return json.loads(answer.text) if answer.text else None

    def log(self) -> str:
        """Return what the function and the emulator have written."""
        self.written.seek(0)
        return self.written.read()


def layer(dependencies: str) -> Path:
    """Return the folder of a layer, built for this machine from the lock of the real one."""
    return build_layer(LOCKS / f"{dependencies}.txt", PLATFORM)


def _environment(python: Path) -> Path:
    folder = _folder(python)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            uv = [sys.executable, "-m", "uv"]
            install = ["pip", "install", "--quiet", "--no-deps", "--require-hashes", "--python", str(folder)]
            for command in (["venv", "--quiet", "--python", str(python), str(folder)], [*install, "-r", str(PROVIDED)]):
                run = subprocess.run([*uv, *command], capture_output=True, text=True, check=False)
                if run.returncode:
                    raise CliError(f"What Lambda brings could not be installed: {run.stderr.strip()}")
            (folder / "done").touch()
    return folder / "bin" / "python"


def _folder(python: Path) -> Path:
    locks = [(LOCKS / f"{name}.txt").read_text() for name in DEPENDENCY_SETS]
    key = hashlib.sha256("\n".join([str(python), PROVIDED.read_text(), *locks]).encode()).hexdigest()[:16]
    return CACHE / "lambda" / key

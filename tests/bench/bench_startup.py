"""The start-up budget: what a shopper waits for when a function is cold.

Each function is started as AWS starts it: from its archive, unpacked with fixed dates and read-only, on the runtime's
Python, with its layer and with nowhere to write bytecode to. The yardstick is started in turn with it. A second row
has the same function without bytecode.
"""

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from infra.constructs.bytecode import MISSING, Compiler, runtime_compiler
from infra.constructs.layer_build import build_layer
from infra.constructs.paths import ROOT
from tests.bench.conftest import Record
from tests.bench.report import Figure
from tests.infra import synthesis
from tests.infra.synthesis import Function, Shop

ROUNDS = 7
ROUNDS_WITHOUT = 3
"""Starts without bytecode, which no budget judges."""
NO_BUDGET = 10.0
YARDSTICK = 'boto3.client("dynamodb")'
BUDGET = 1.6
LARGER_BUDGETS = {"services.payment.": 2.2, "services.search.": 2.2}
IDENTITY_CLIENTS = (
    "services.identity.dependencies:user_pool",
    "services.identity.dependencies:service_commands",
    "services.identity.dependencies:export_files",
)
MADE_LATER = {
    # Pictures are stored when staff writes products that have some elsewhere.
    "services.catalog.staff_api": ("services.catalog.dependencies:pictures",),
    # Most orders that are looked at have no documents yet; the links are made once there are some.
    "services.invoices.api": ("services.invoices.dependencies:files",),
    # A withdrawal is confirmed once; all other requests read.
    "services.returns.api": ("services.returns.dependencies:queue",),
    # Its shopper's erasure begins with the queue, once.
    "services.orders.events": ("services.orders.dependencies:erasure_queue",),
    # A person is erased once and exported hardly ever: no other request waits for these clients.
    "services.identity.api": IDENTITY_CLIENTS,
    "services.identity.post_confirmation": IDENTITY_CLIENTS,
    # Nobody waits for what is made in the background.
    "services.identity.export_worker": IDENTITY_CLIENTS,
}
ENVIRONMENTS = ROOT / ".cache" / "startup"
ARCHIVED = (1980, 1, 1, 0, 0, 0)
"""The date that the deployment tool gives each file of an archive."""
MEASURE = Path(__file__).with_name("startup_measure.py")
HANDLERS = sorted(
    {
        module
        for source in [*(ROOT / "infra/stacks").glob("*.py"), *(ROOT / "infra/constructs").glob("*.py")]
        for module in re.findall(r'"((?:services|bus)(?:\.\w+)+):', source.read_text())
    }
)


def budget_of(module: str) -> float:
    return next((budget for prefix, budget in LARGER_BUDGETS.items() if module.startswith(prefix)), BUDGET)


@pytest.fixture(scope="session")
def compiler() -> Compiler:
    found = runtime_compiler()
    if found is None:
        pytest.skip(MISSING)
    return found


def runtime_of(compiler: Compiler) -> Path:
    """Return an interpreter with the SDK that Lambda's runtime brings, compiled, and nothing else."""
    provided = ROOT / "requirements" / "lambda.txt"
    key = hashlib.sha256(f"{compiler.version}\n{provided.read_text()}".encode()).hexdigest()
    folder = ENVIRONMENTS / f"runtime-{key[:16]}"
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with (ENVIRONMENTS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            uv = [sys.executable, "-m", "uv"]
            subprocess.run([*uv, "venv", "--quiet", "--python", compiler.python, str(folder)], check=True)
            target = ["--quiet", "--python", str(folder / "bin" / "python"), "--compile-bytecode"]
            locked = ["--no-deps", "--require-hashes", "--requirement", str(provided)]
            subprocess.run([*uv, "pip", "install", *target, *locked], check=True)
            (folder / "done").touch()
    return folder / "bin" / "python"


def layer_of(dependencies: str, compiler: Compiler | None) -> Path:
    """Return the layer of a dependency set, for this machine instead of Lambda's."""
    machine = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    here = f"{machine}-apple-darwin" if sys.platform == "darwin" else f"{machine}-manylinux_2_28"
    return build_layer(ROOT / "requirements" / f"{dependencies}.txt", here, compiler)


def mounted(asset: Path, folder: Path, *, bytecode: bool) -> Path:
    """Return a folder with a package as AWS mounts it: out of its archive, with fixed dates, read-only."""
    archive = folder / "package.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(asset.rglob("*")):
            if path.is_file() and (bytecode or path.suffix != ".pyc"):
                entry = zipfile.ZipInfo(path.relative_to(asset).as_posix(), ARCHIVED)
                packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    target = folder / "task"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(target)
    for path in [*target.rglob("*"), target]:
        os.utime(path, (315_532_800, 315_532_800))
        path.chmod(0o555 if path.is_dir() else 0o444)
    return target


@dataclass(frozen=True, slots=True)
class Starter:
    """Starts one function, or the yardstick, in a process of its own."""

    python: Path
    package: Path
    layer: Path
    variables: Mapping[str, str]

    def start(self, *what: str) -> float:
        """Return the seconds of the processor that a start took."""
        run = subprocess.run(
            [str(self.python), str(MEASURE), *what],
            cwd=self.package,
            env={
                **self.variables,
                "PATH": "/usr/bin:/bin",
                "HOME": str(self.python.parent),
                "PYTHONPATH": f"{self.package}:{self.layer / 'python'}",
                # Lambda's mounts are read-only, which they are not for root.
                "PYTHONDONTWRITEBYTECODE": "1",
                "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_REGION": "us-east-1",
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        seconds: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
        return seconds["processor"]


def figures(module: str, compiled: Starter, plain: Starter) -> tuple[Figure, Figure]:
    """Start a function with and without bytecode, and the yardstick, in turn; return the medians."""
    function = (module, *MADE_LATER.get(module, ()))
    for starter, what in ((compiled, function), (plain, function), (compiled, ("baseline",))):
        starter.start(*what)  # warms the disk's cache
    yardsticks, starts, without = [], [], []
    for number in range(ROUNDS):
        yardsticks.append(compiled.start("baseline"))
        starts.append(compiled.start(*function))
        if number < ROUNDS_WITHOUT:
            without.append(plain.start(*function))
    milliseconds = median(yardsticks) * 1000
    judged = Figure(f"start of {module}", median(starts) * 1000, YARDSTICK, milliseconds, "ms", budget_of(module))
    told = Figure(f"– without bytecode: {module}", median(without) * 1000, YARDSTICK, milliseconds, "ms", NO_BUDGET)
    return judged, told


@pytest.fixture(scope="session")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Shop]:
    return synthesis.of_run(tmp_path_factory)


@pytest.fixture(scope="session")
def functions(shops: Mapping[str, Shop]) -> Mapping[str, list[Function]]:
    """Return the functions of each handler's module."""
    found: dict[str, list[Function]] = {}
    for function in shops["dev"].functions():
        found.setdefault(function.module, []).append(function)
    return found


@pytest.fixture
def starters(
    module: str, functions: Mapping[str, list[Function]], compiler: Compiler, tmp_path: Path
) -> tuple[Starter, Starter]:
    """Return what starts a function with bytecode, and without."""
    first, *_ = same = functions[module]
    # A function that needs further packages may share its module with one that does not.
    dependencies = max(
        {name for function in same for name in function.dependencies},
        key=lambda name: (ROOT / "requirements" / f"{name}.txt").stat().st_size,
    )
    variables = {
        name: value if isinstance(value, str) else "https://known.when.deployed"
        for function in same
        for name, value in function.environment.items()
    }
    python = runtime_of(compiler)
    with_bytecode, without = tmp_path / "compiled", tmp_path / "plain"
    with_bytecode.mkdir()
    without.mkdir()
    return (
        Starter(
            python, mounted(first.asset, with_bytecode, bytecode=True), layer_of(dependencies, compiler), variables
        ),
        Starter(python, mounted(first.asset, without, bytecode=False), layer_of(dependencies, None), variables),
    )


def test_every_handler_is_measured(functions: Mapping[str, list[Function]]) -> None:
    assert set(functions) == set(HANDLERS)


@pytest.mark.parametrize("module", HANDLERS)
def test_a_start_is_within_its_budget(module: str, starters: tuple[Starter, Starter], record: Record) -> None:
    judged, told = figures(module, *starters)
    if not judged.is_within:
        # Once more: a neighbour on the machine may have had the processor's cache.
        judged, told = figures(module, *starters)

    record(judged, told)


def test_a_function_starts_with_nothing_but_its_own_dependencies(
    functions: Mapping[str, list[Function]], compiler: Compiler
) -> None:
    names = {name for same in functions.values() for function in same for name in function.dependencies}

    for dependencies in names:
        packages = layer_of(dependencies, compiler) / "python"
        assert not (packages / "pytest").exists()
        assert (packages / "stripe").exists() is (dependencies == "payment")
        assert (packages / "jsonschema").exists() is (dependencies == "journal")

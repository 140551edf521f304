"""The start-up budget: what a shopper waits for when a function is cold.

Each function is started in an environment that has its dependency set and nothing else, with the
very package that is deployed on its path, and with the variables of its template. The yardstick is
started in turn with it, in the same environment.
"""

import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from infra.constructs.paths import ROOT
from tests.bench.conftest import Record
from tests.bench.report import Figure
from tests.infra import synthesis
from tests.infra.synthesis import Function, Shop

ROUNDS = 7
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
    # Its shopper's erasure begins with the queue, once.
    "services.orders.events": ("services.orders.dependencies:erasure_queue",),
    # A person is erased once and exported hardly ever: no other request waits for these clients.
    "services.identity.api": IDENTITY_CLIENTS,
    "services.identity.post_confirmation": IDENTITY_CLIENTS,
    # Nobody waits for what is made in the background.
    "services.identity.export_worker": IDENTITY_CLIENTS,
}
ENVIRONMENTS = ROOT / ".cache" / "startup"
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


def interpreter_of(dependencies: str) -> Path:
    """Return the interpreter of an environment with that dependency set and the SDK that Lambda brings."""
    requirements = ROOT / "requirements"
    texts = [(requirements / f"{name}.in").read_text() for name in ("runtime", dependencies)]
    key = hashlib.sha256("\n".join([*texts, (requirements / "dev.txt").read_text(), sys.version]).encode()).hexdigest()
    folder = ENVIRONMENTS / f"{dependencies}-{key[:16]}"
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with (ENVIRONMENTS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            uv = [sys.executable, "-m", "uv"]
            subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
            locked = ["--constraint", str(requirements / "dev.txt")]
            wanted = ["--requirement", str(requirements / f"{dependencies}.in"), "boto3"]
            target = ["--quiet", "--python", str(folder / "bin" / "python")]
            subprocess.run([*uv, "pip", "install", *target, *locked, *wanted], check=True)
            (folder / "done").touch()
    return folder / "bin" / "python"


@dataclass(frozen=True, slots=True)
class Starter:
    """Starts one function, or the yardstick, in a process of its own."""

    python: Path
    package: Path
    variables: Mapping[str, str]

    def start(self, *what: str) -> dict[str, float]:
        """Return the seconds that a start took."""
        run = subprocess.run(
            [str(self.python), str(MEASURE), *what],
            cwd=self.package,
            env={
                **self.variables,
                "PATH": "/usr/bin:/bin",
                "HOME": str(self.python.parent),
                "PYTHONPATH": str(self.package),
                # Not into the package: others compare it with what was asked for.
                "PYTHONPYCACHEPREFIX": str(self.python.parents[1] / "pycache"),
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
        return seconds

    def figure(self, module: str) -> Figure:
        """Start both in turn, as often as the budget says, and return the medians of the processor's time."""
        yardsticks, starts = [], []
        function = (module, *MADE_LATER.get(module, ()))
        for what in (function, ("baseline",)):
            self.start(*what)  # compiles, and warms the disk's cache
        for _ in range(ROUNDS):
            yardsticks.append(self.start("baseline"))
            starts.append(self.start(*function))
        start, yardstick = (median(run["processor"] for run in runs) for runs in (starts, yardsticks))
        return Figure(f"start of {module}", start * 1000, YARDSTICK, yardstick * 1000, "ms", budget_of(module))


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
def starter(module: str, functions: Mapping[str, list[Function]]) -> Starter:
    first, *_ = same = functions[module]
    (dependencies,) = {name for function in same for name in function.dependencies}
    variables = {
        name: value if isinstance(value, str) else "https://known.when.deployed"
        for function in same
        for name, value in function.environment.items()
    }
    return Starter(interpreter_of(dependencies), first.asset, variables)


def test_every_handler_is_measured(functions: Mapping[str, list[Function]]) -> None:
    assert set(functions) == set(HANDLERS)


@pytest.mark.parametrize("module", HANDLERS)
def test_a_start_is_within_its_budget(module: str, starter: Starter, record: Record) -> None:
    figure = starter.figure(module)
    if not figure.is_within:
        # Once more: a neighbour on the machine may have had the processor's cache.
        figure = starter.figure(module)

    record(figure)


def test_a_function_starts_with_nothing_but_its_own_dependencies(functions: Mapping[str, list[Function]]) -> None:
    names = {name for same in functions.values() for function in same for name in function.dependencies}

    for dependencies in names:
        site = next(interpreter_of(dependencies).parents[1].glob("lib/python*/site-packages"))
        assert not (site / "pytest").exists()
        assert (site / "stripe").exists() is (dependencies == "payment")
        assert (site / "jsonschema").exists() is (dependencies == "journal")

"""What the tests share: an emulator, a whole local stage of this run's own, and time limits by kind of test."""

import fcntl
import gc
import inspect
import os
import secrets
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import botocore.session
import httpx._transports.default as httpx_transports
import hypothesis
import moto.core  # noqa: F401 - it hooks into the sessions that botocore makes from then on, so it comes first
import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis import HealthCheck

from ecom67.base.progress import ProgressTree
from ecom67.demo.shopper import Shopper
from ecom67.local.connection import Connection
from ecom67.local.lifecycle import down, up
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import StagePaths
from ecom67.local.standins.opensearch.node import running
from ecom67.local.synthesis import synthesise
from tests import diagnostics
from tests.artifacts import ARTIFACTS, told
from tests.deadlines import DEADLINE_SECONDS
from tests.emulator import running_emulator
from tests.free_ports import free_ports
from tests.opensearch import node_or_skip
from tests.scheduling import ByFile, start_order, uses_stage

STARTED = time.time()
TESTS = Path(__file__).parent
# Seconds of the test itself; bringing a stage up has its own limits. They end what hangs, and judge no machine.
LIMITS = {"unit": 120, "contract": 300, "infra": 300, "e2e": 900, "race": 900, "bench": 1800}
# Nothing here reaches an account, or an emulator that somebody runs beside: who wants one of this run's says so.
AWS_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}
# How many examples a property is tried with. No deadline: it would judge the machine.
PROFILES = {"usual": 40, "thorough": 500}
for _profile, _examples in PROFILES.items():
    hypothesis.settings.register_profile(
        _profile, max_examples=_examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
hypothesis.settings.load_profile("usual")
# Some of every kind, and enough for several pages.
PRODUCTS = 40


def pytest_sessionstart() -> None:
    """Share what is the same for all and costs much: botocore's loader of models, httpx's store of certificates.

    Each of moto's mocks has a session, which would read all models anew, and each call by ``httpx.get`` and its like
    would read all certificates, a fiftieth of a second.
    """
    botocore.session.create_loader = cache(botocore.session.create_loader)
    httpx_transports.create_ssl_context = cache(httpx_transports.create_ssl_context)  # type: ignore[attr-defined]
    # Who names no timeout gets httpx's own, 5 s: a busy machine may take longer.
    for phase in ("connect", "read", "write", "pool"):
        setattr(DEFAULT_TIMEOUT_CONFIG, phase, DEADLINE_SECONDS)


def pytest_configure(config: pytest.Config) -> None:
    """Leave nothing of the caller's AWS in the environment."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= AWS_ENVIRONMENT


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    """Return how tests are spread over xdist's workers."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test the limit of its kind, mark those that use a stage, and put them first."""
    for item in items:
        kind = item.path.relative_to(TESTS).parts[0]
        if item.get_closest_marker("timeout") is None and kind in LIMITS:
            item.add_marker(pytest.mark.timeout(LIMITS[kind], func_only=True))
        if "stage" in getattr(item, "fixturenames", ()):
            item.add_marker("emulator")
        if _has_stage_of_run(item) and not uses_stage(item.nodeid):
            raise pytest.UsageError(f"{item.nodeid} uses a stage, and tests/scheduling.py does not know it")
    items.sort(key=lambda item: start_order(item.nodeid))


def _has_stage_of_run(item: pytest.Item) -> bool:
    """Return whether a test uses the fixture of this file, not one of its own with the same name."""
    fixtures = getattr(item, "_fixtureinfo", None)
    found = fixtures.name2fixturedefs.get("stage", ()) if fixtures else ()
    return any(fixture.func is inspect.unwrap(stage) for fixture in found[-1:])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what this run has measured."""
    for figures in told(STARTED):
        terminalreporter.write_line(figures)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from walking all modules again and again: a tenth of the unit tests' time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test that leaves an address of AWS behind: the next ones would call there."""
    yield
    left = [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]
    for name in left:
        del os.environ[name]
    assert not left, f"{item.nodeid} left {', '.join(left)} in the environment"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the logs of a stage that a failing test used."""
    report = yield
    # A fixture of that name may be something else, without logs.
    paths = getattr(getattr(item, "funcargs", {}).get("stage"), "paths", None)
    if report.failed and paths is not None:
        folder = ARTIFACTS / item.nodeid.replace("/", ".").replace("::", ".")
        diagnostics.collect_logs(paths, folder)
        report.sections.append(("diagnostics", f"logs of the stage: {folder}"))
    return report


@contextmanager
def once_at_a_time(tmp_path_factory: pytest.TempPathFactory, what: str) -> Iterator[None]:
    """Hold a lock that all workers of the run share."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (folder / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """An emulator of this run's own, with nothing deployed."""
    with running_emulator(tmp_path_factory.mktemp("emulator")) as connection:
        yield connection


@pytest.fixture(scope="session")
def opensearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageProcess]:
    """Return a node of OpenSearch; skips what needs it where there cannot be one."""
    with running(node_or_skip(tmp_path_factory)) as process:
        yield process


def warm(stage: Connection) -> None:
    """Buy once, and again where the first answer does not come in time: it starts all functions of a purchase."""
    shopper = Shopper(stage)
    shopper.sign_up()
    cart = shopper.fill_cart((shopper.find_product("lighting", at_least=1)["productId"], 1))
    order = shopper.buy_until_decided("pm_card_visa", cart["total"], secrets.token_hex(12)).expect(201).body
    shopper.mail_about(order["orderId"])


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A whole local stage of this run's own, as ``ecom67 up`` makes it, with a part of the catalogue."""
    paths = StagePaths(tmp_path_factory.mktemp("stage"), free_ports())
    try:
        with once_at_a_time(tmp_path_factory, "synthesis"):
            # The first worker synthesises, and the others find it done.
            synthesise(paths.environment(), tmp_path_factory.mktemp("synthesis") / "log")
        connection = up(paths, ProgressTree("the test run's stage"), PRODUCTS)
        # Functions are cold at first, all of a purchase's one after the other; no test is timed by that.
        warm(connection)
        yield connection
    finally:
        down(paths, ProgressTree("the test run's stage"))

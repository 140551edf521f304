"""What the tests share: an emulator, a whole local stage of this run's own, and time limits by kind of test."""

import os
import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import moto.core  # noqa: F401 - it hooks into the sessions that botocore makes from then on, so it comes first
import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from ecom67.base.progress import ProgressTree
from ecom67.demo.show import a_purchase
from ecom67.local import diagnostics
from ecom67.local.connection import Connection
from ecom67.local.free_ports import free_ports
from ecom67.local.process_specs import emulator as emulator_process
from ecom67.local.stage import down, up
from ecom67.local.stage_paths import StagePaths
from tests.alone import Room
from tests.artifacts import ARTIFACTS, told

STARTED = time.time()
TESTS = Path(__file__).parent
# Seconds of the test itself; bringing a stage up has its own limits.
LIMITS = {"unit": 10, "contract": 10, "infra": 60, "e2e": 30, "race": 60}
ON_A_STAGE = ("tests/e2e/", "tests/race/")
# Nothing here reaches an account, or an emulator that somebody runs beside: who wants one of this run's says so.
AWS_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}
# Some of every kind, and enough for several pages.
PRODUCTS = 40
ROOM = pytest.StashKey[Room]()


class OneWorkerForTheStage(LoadScopeScheduling):  # type: ignore[misc]
    """Sends all tests that may use a stage to one worker, and first; each other test to whoever is free.

    xdist's own ``loadgroup`` does not group on this version of pytest.
    """

    def _split_scope(self, nodeid: str) -> str:
        # All that need the node of OpenSearch: it is started once.
        if "[opensearch" in nodeid:
            return "opensearch"
        return "stage" if nodeid.startswith(ON_A_STAGE) else nodeid


def pytest_configure(config: pytest.Config) -> None:
    """Leave nothing of the caller's AWS in the environment; find the room of the run, where other workers are in it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= AWS_ENVIRONMENT
    if hasattr(config, "workerinput"):
        config.stash[ROOM] = Room(Path(config.option.basetemp).parent)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OneWorkerForTheStage:
    """Return how tests are spread over xdist's workers."""
    return OneWorkerForTheStage(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test the limit of its kind, and mark those that use a stage."""
    for item in items:
        kind = item.path.relative_to(TESTS).parts[0]
        if item.get_closest_marker("timeout") is None and kind in LIMITS:
            item.add_marker(pytest.mark.timeout(LIMITS[kind], func_only=True))
        if "stage" in getattr(item, "fixturenames", ()):
            item.add_marker("emulator")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test with its fixtures beside those of other workers, or alone."""
    with _place(item):
        return (yield)


def _place(item: pytest.Item) -> AbstractContextManager[None]:
    room = item.config.stash.get(ROOM, None)
    if room is None:
        return nullcontext()
    return room.alone() if item.get_closest_marker("alone") else room.shared()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what this run has measured."""
    for figures in told(STARTED):
        terminalreporter.write_line(figures)


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
    used = getattr(item, "funcargs", {}).get("stage")
    if report.failed and used is not None:
        folder = ARTIFACTS / item.nodeid.replace("/", ".").replace("::", ".")
        diagnostics.collect_logs(used.paths, folder)
        report.sections.append(("diagnostics", f"logs of the stage: {folder}"))
    return report


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """An emulator of this run's own, with nothing deployed."""
    paths = StagePaths(tmp_path_factory.mktemp("emulator"), free_ports())
    paths.scratch.mkdir()
    process = emulator_process(paths)
    process.start()
    try:
        process.await_ready()
        yield Connection(paths)
    finally:
        process.stop()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A whole local stage of this run's own, as ``ecom67 up`` makes it, with a part of the catalogue."""
    paths = StagePaths(tmp_path_factory.mktemp("stage"), free_ports())
    try:
        connection = up(paths, ProgressTree("the test run's stage"), PRODUCTS)
        # Functions are cold at first, all of a purchase's one after the other; no test is timed by that.
        a_purchase(connection)
        yield connection
    finally:
        down(paths, ProgressTree("the test run's stage"))

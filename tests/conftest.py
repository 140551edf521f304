"""What the tests share: an emulator, a whole local stage of this run's own, and time limits by kind of test."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from infra.local import evidence
from infra.local.connection import Connection
from infra.local.demo.show import a_purchase
from infra.local.layout import Layout
from infra.local.members import emulator as emulator_process
from infra.local.scratch import free_ports
from infra.local.stage import down, up
from infra.local.steps import Steps

TESTS = Path(__file__).parent
ARTIFACTS = TESTS.parent / ".artifacts"
# Seconds of the test itself; bringing a stage up has its own limits.
LIMITS = {"unit": 10, "contract": 10, "infra": 60, "e2e": 30, "race": 60}
# Some of every kind, and enough for several pages.
PRODUCTS = 40


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its limit; let one worker have all that use a stage, and begin with them: they take longest."""
    for item in items:
        kind = item.path.relative_to(TESTS).parts[0]
        if item.get_closest_marker("timeout") is None and kind in LIMITS:
            item.add_marker(pytest.mark.timeout(LIMITS[kind], func_only=True))
        if "stage" in getattr(item, "fixturenames", ()):
            item.add_marker("emulator")
            item.add_marker(pytest.mark.xdist_group("stage"))
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the logs of a stage that a failing test used."""
    report = yield
    used = getattr(item, "funcargs", {}).get("stage")
    if report.failed and used is not None:
        folder = ARTIFACTS / item.nodeid.replace("/", ".").replace("::", ".")
        evidence.gather(used.layout, folder)
        report.sections.append(("evidence", f"logs of the stage: {folder}"))
    return report


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """An emulator of this run's own, with nothing deployed."""
    layout = Layout(tmp_path_factory.mktemp("emulator"), free_ports())
    (layout.state / "tmp").mkdir()
    process = emulator_process(layout)
    process.start()
    try:
        process.await_ready()
        yield Connection(layout)
    finally:
        process.stop()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A whole local stage of this run's own, as ``ecom67 up`` makes it, with a part of the catalogue."""
    layout = Layout(tmp_path_factory.mktemp("stage"), free_ports())
    try:
        connection = up(layout, Steps("the test run's stage"), PRODUCTS)
        # Functions are cold at first, all of a purchase's one after the other; no test is timed by that.
        a_purchase(connection)
        yield connection
    finally:
        down(layout, Steps("the test run's stage"))

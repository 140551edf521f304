"""The shop in a browser, on the stage of this run."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from ecom67.local.connection import Connection
from tests.artifacts import ARTIFACTS
from tests.deadlines import DEADLINE_MS
from tests.e2e.web.chromium import ARGUMENTS, chromium
from tests.e2e.web.visit import DESK, Visit

HERE = Path(__file__).parent
REPORT = pytest.StashKey[pytest.TestReport]()


class Visits(Protocol):
    """Begins visits."""

    def __call__(self, *, size: tuple[int, int] = DESK, scheme: str = "light") -> Visit:
        """Begin a visit in a window of that size."""
        ...


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember how the test itself went, for the evidence."""
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


class Driver:
    """Playwright and its Chromium, shared by the tests of this folder that run in a row.

    Playwright's loop runs as long as it does, and allows no other beside it: tests elsewhere have one of their own.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def playwright(self) -> Playwright:
        """Return Playwright, started if needed."""
        if self._playwright is None:
            expect.set_options(timeout=DEADLINE_MS)
            self._playwright = self._open.enter_context(sync_playwright())
        return self._playwright

    def browser(self) -> Browser:
        """Return a headless Chromium, started if needed; skips the test where there is none."""
        if self._browser is None:
            playwright = self.playwright()
            program = chromium(playwright)
            if program is None:
                pytest.skip(
                    "There is no Chromium: install it, or name it in CHROMIUM. Nothing was tested in a browser."
                )
            self._browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
            self._open.callback(self._browser.close)
        return self._browser

    def close(self) -> None:
        """End both; does nothing where they do not run."""
        self._browser = self._playwright = None
        self._open.close()


DRIVER = Driver()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """End the browser after the last test of this folder in a row."""
    try:
        yield
    finally:
        if nextitem is None or HERE not in nextitem.path.parents:
            DRIVER.close()


@pytest.fixture(scope="module")
def playwright() -> Playwright:
    """What drives the browser."""
    return DRIVER.playwright()


@pytest.fixture(scope="module")
def browser() -> Browser:
    """A headless Chromium."""
    return DRIVER.browser()


@pytest.fixture
def visits(request: pytest.FixtureRequest, stage: Connection, browser: Browser) -> Iterator[Visits]:
    """Begin visits of the shop. A complaint of the console that no test expects is a failure."""
    begun: list[Visit] = []

    def begin(*, size: tuple[int, int] = DESK, scheme: str = "light") -> Visit:
        begun.append(Visit.begin(browser, stage.shop_url, size, scheme))
        return begun[-1]

    yield begin

    report = request.node.stash.get(REPORT, None)
    complaints = [text for visit in begun for text in visit.unexpected]
    if complaints or report is None or report.failed:
        folder = ARTIFACTS / request.node.nodeid.replace("/", ".").replace("::", ".")
        for number, visit in enumerate(begun, start=1):
            visit.keep_evidence(folder / f"visit-{number}")
    for visit in begun:
        visit.end()
    assert complaints == []

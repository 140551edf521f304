"""The shop in a browser, on the stage of this run."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from ecom67.local.connection import Connection
from tests.artifacts import ARTIFACTS
from tests.deadlines import DEADLINE_MS
from tests.e2e.web.chromium import ARGUMENTS, chromium
from tests.e2e.web.visit import DESK, Visit

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


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives the browser. Its loop runs as long as it does, and no other may beside it."""
    expect.set_options(timeout=DEADLINE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def program(playwright: Playwright) -> Path:
    """The program of a Chromium."""
    found = chromium(playwright)
    if found is None:
        pytest.skip("There is no Chromium: install it, or name it in CHROMIUM. The shop was not tested in a browser.")
    return found


@pytest.fixture(scope="module")
def browser(playwright: Playwright, program: Path) -> Iterator[Browser]:
    """A headless Chromium."""
    browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
    yield browser
    browser.close()


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

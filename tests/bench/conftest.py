"""A bench judges by ratios: each figure against a yardstick that was measured beside it, never against the machine."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from ecom67.local import process_specs
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import StagePaths
from tests.bench import report
from tests.bench.report import Figure

FIGURES = pytest.StashKey[list[Figure]]()
Record = Callable[..., None]


def pytest_configure(config: pytest.Config) -> None:
    """Begin with no figures."""
    config.stash[FIGURES] = []


@pytest.fixture(scope="session", autouse=True)
def counting() -> Iterator[None]:
    """Have the emulator of the run's stage remember what is called."""
    usual = process_specs.emulator

    def counting_emulator(paths: StagePaths) -> StageProcess:
        return replace(usual(paths), command=(sys.executable, "-m", "tests.bench.counting_emulator"))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(process_specs, "emulator", counting_emulator)
        yield


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """Return what takes figures, for the table and the report; fails where a ratio is beyond its limit."""

    def take(*figures: Figure) -> None:
        request.config.stash[FIGURES].extend(figures)
        beyond = [figure.row() for figure in figures if not figure.is_within]
        assert not beyond, "\n".join(["beyond the limit:", *beyond])

    return take


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table of all figures, and write the report."""
    if figures := config.stash[FIGURES]:
        terminalreporter.section("figures")
        terminalreporter.write_line(report.HEADING)
        for figure in figures:
            terminalreporter.write_line(figure.row())
        terminalreporter.write_line(f"The report is {report.write(figures)}")

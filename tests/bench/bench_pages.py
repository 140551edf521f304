"""The pages with which a shopper begins: sound, and fast beside a bare page of the same framework and the build before.

Lighthouse imitates a telephone by slowing the processor down: four times on a machine of benchmark index 2,000, as it
does by itself, and less on a slower one. The bare page is built and served as the shop is, and is measured in turn.
With ``BASE`` (a revision) the shop of that revision is a yardstick too.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import sync_playwright

from ecom67.base.paths import ROOT
from ecom67.local.connection import Connection
from ecom67.local.processes import StageProcess
from tests.bench.conftest import Record
from tests.bench.lighthouse import PAGES, PERFORMANCE, SOUND, Run, run
from tests.bench.report import REPORTS, Figure
from tests.e2e.web.chromium import chromium
from tests.free_ports import free_ports

ROUNDS = 3
USUAL_INDEX, USUAL_SLOWDOWN = 2000, 4
FRONTEND = ROOT / "frontend"
BUILDS = ROOT / ".cache" / "bench"
LIMITS = {"largest-contentful-paint": 3.0, "mainthread-work-breakdown": 9.0}
"""Of the ratio to the bare page, by metric."""
BASE_LIMITS = {"largest-contentful-paint": 1.15, "mainthread-work-breakdown": 1.25}
"""Of the ratio to the build before."""
SOUND_FLOOR = 95
"""Of the scores for accessibility, best practices and SEO."""
SHIFTED = 0.1
"""The most that a page may shift, in shares of the window: it is no time."""


@pytest.fixture(scope="session")
def program() -> Path:
    """Return the program of a Chromium."""
    with sync_playwright() as playwright:
        found = chromium(playwright)
    if found is None:
        pytest.skip("There is no Chromium: install it, or name it in CHROMIUM. The pages were not measured.")
    return found


def served(stack: ExitStack, stage: Connection, shop: Path, folder: Path) -> str:
    """Serve a build beside the stage, as the stage serves its own; return its address."""
    port = free_ports().shop
    process = StageProcess(
        name="bench",
        title="the web server of a build",
        command=(
            *(sys.executable, "-m", "ecom67.local.gateway", "--port", str(port)),
            *("--emulator", stage.paths.emulator_url, "--stripe", stage.stripe_url),
            *("--shop", str(shop), "--events", str(folder / "none")),
        ),
        environment=stage.paths.environment(),
        port=port,
        health_path="/_health",
        state=folder,
        port_option="",
    )
    process.start()
    stack.callback(process.stop)
    process.await_ready()
    return f"http://127.0.0.1:{port}"


def built(frontend: Path, out: Path, *root: str) -> Path:
    """Build a frontend, or another page with its configuration, by Vite."""
    vite = [str(FRONTEND / "node_modules" / ".bin" / "vite"), "build", *root, "--config", "vite.config.ts"]
    subprocess.run([*vite, "--outDir", str(out), "--emptyOutDir", "--logLevel", "error"], cwd=frontend, check=True)
    return out


def built_from(revision: str) -> Path:
    """Build the shop of a revision with the packages of this one."""
    tree = BUILDS / "base"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "--extract", "--directory", str(tree)], input=archive, check=True)
    (tree / "frontend" / "node_modules").symlink_to(FRONTEND / "node_modules")
    return built(tree / "frontend", BUILDS / "base-shop")


@pytest.fixture(scope="session")
def shops(stage: Connection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Yield the addresses: of the shop, of the bare page, and of the build before."""
    with ExitStack() as stack:
        found = {"shop": stage.shop_url}
        bare = built(FRONTEND, BUILDS / "bare", "bare")
        found["bare"] = served(stack, stage, bare, tmp_path_factory.mktemp("bare"))
        if revision := os.environ.get("BASE"):
            found["base"] = served(stack, stage, built_from(revision), tmp_path_factory.mktemp("base"))
        yield found


@pytest.fixture(scope="session")
def slowdown(program: Path, shops: Mapping[str, str]) -> float:
    """Return how much the processor is slowed down on this machine, by Lighthouse's own benchmark of it."""
    index = median(one(program, shops["bare"], "benchmark", 1).benchmark for _ in range(ROUNDS))
    return max(1.0, round(USUAL_SLOWDOWN * index / USUAL_INDEX, 1))


def one(
    program: Path, url: str, name: str, slowdown: float = USUAL_SLOWDOWN, categories: Sequence[str] = PERFORMANCE
) -> Run:
    """Judge a page once."""
    reports = REPORTS / "lighthouse"
    reports.mkdir(parents=True, exist_ok=True)
    return run(program, url, reports / name, categories, slowdown)


@pytest.mark.parametrize("name", PAGES)
def test_lighthouse_finds_little_to_mend(name: str, program: Path, stage: Connection) -> None:
    judged = one(program, stage.shop_url + PAGES[name], f"{name}-sound", categories=SOUND)

    assert judged.scores.keys() == set(SOUND)
    assert min(judged.scores.values()) >= SOUND_FLOOR, "\n".join([str(judged.scores), *judged.misses])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_nearly_as_fast_as_a_bare_one(
    name: str, program: Path, shops: Mapping[str, str], slowdown: float, record: Record
) -> None:
    paths = {"shop": PAGES[name], "bare": "/", "base": PAGES[name]}
    runs: dict[str, list[Run]] = {shop: [] for shop in shops}
    for which, address in shops.items():
        # The functions behind the page are warm, as they are of a shop with visitors.
        one(program, address + paths[which], f"{name}-{which}-warm", slowdown)
    for number in range(ROUNDS):
        for which, address in shops.items():
            runs[which].append(one(program, address + paths[which], f"{name}-{which}-{number + 1}", slowdown))

    def of(which: str, metric: str) -> float:
        return median(run.metrics[metric] for run in runs[which])

    figures = []
    for yardstick, limits in (("bare", LIMITS), ("base", BASE_LIMITS)):
        for metric, limit in limits.items() if yardstick in shops else ():
            title = f"{name}: {metric}, processor {slowdown} × slower"
            against = {"bare": "a bare page", "base": f"the shop of {os.environ.get('BASE')}"}[yardstick]
            figures.append(Figure(title, of("shop", metric), against, of(yardstick, metric), "ms", limit))
    record(*figures)
    assert of("shop", "cumulative-layout-shift") < SHIFTED

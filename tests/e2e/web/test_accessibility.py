"""axe finds nothing serious on any page: on a phone in the dark, at a desk in the light."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ecom67.base.paths import ROOT
from tests.e2e.web.conftest import Visits
from tests.e2e.web.visit import DESK, PHONE

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    "home": "/",
    "category": "/c/kitchen",
    "search": "/search?q=linen",
    "product": "/p/enamelled-iron-casserole",
    "nothing": "/nowhere",
}


def faults(page: Page, axe: Path = AXE) -> list[dict[str, Any]]:
    """Return what axe finds that is serious or worse: the rule, and the elements."""
    page.evaluate(axe.read_text())
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(results => results.violations)")
    return [
        {"rule": violation["id"], "nodes": [node["html"] for node in violation["nodes"]]}
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_serious(visits: Visits, path: str, size: tuple[int, int], scheme: str) -> None:
    page = visits(size=size, scheme=scheme).page(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert faults(page) == []


def test_the_suggestions_and_the_filters_are_as_accessible_as_the_pages(visits: Visits) -> None:
    page = visits(size=PHONE).page("/search")
    page.get_by_role("combobox", name="Search the shop").fill("lin")
    expect(page.get_by_role("option").first).to_be_visible()
    assert faults(page) == []

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("dialog", name="Filter")).to_be_visible()
    assert faults(page) == []

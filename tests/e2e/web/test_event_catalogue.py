"""The catalogue of events in a browser: found by key, read by everybody, and without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ecom67.eventcatalog.site import build
from infra.constructs.paths import ROOT
from tests.deadlines import DEADLINE_MS
from tests.infra import synthesis

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
EVERY_KIND = ("index", "events/OrderPlaced", "services/inventory", "flows", "contracts", "subscribing")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "events"
    build(synthesis.of_run(tmp_path_factory)["local"].folder, "local", out)
    return out


@pytest.fixture(scope="module")
def page(browser: Browser, site: Path) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(DEADLINE_MS)
    yield page
    page.close()


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """Complaints of the console, and whatever is asked of a network."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda request: found.append(request.url) if request.url.startswith("http") else None)
    yield found
    assert found == []


@pytest.mark.usefixtures("complaints")
def test_an_event_is_found_and_opened_by_the_keyboard_alone(page: Page, site: Path) -> None:
    page.goto(f"{site.as_uri()}/index.html")

    page.keyboard.press("/")
    page.keyboard.type("tracking number")
    expect(page.get_by_role("option").first).to_contain_text("OrderShipped")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("OrderShipped")


@pytest.mark.usefixtures("complaints")
def test_a_search_that_finds_nothing_says_so_and_is_left_by_escape(page: Page, site: Path) -> None:
    page.goto(f"{site.as_uri()}/events/OrderPlaced.html")

    page.get_by_role("combobox").fill("zzyzx quux")
    expect(page.get_by_role("option")).to_have_text("Nothing found.")
    page.keyboard.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.usefixtures("complaints")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=lambda size: f"{size[0]} px")
def test_every_kind_of_page_is_accessible(page: Page, site: Path, size: tuple[int, int], scheme: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for address in EVERY_KIND:
        page.goto(f"{site.as_uri()}/{address}.html")
        page.add_script_tag(path=AXE)

        violations = page.evaluate("async () => (await axe.run()).violations.map(({id, nodes}) => [id, nodes[0].html])")

        assert violations == [], address


@pytest.mark.usefixtures("complaints")
def test_no_page_is_wider_than_a_telephone(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 720})
    for address in EVERY_KIND:
        page.goto(f"{site.as_uri()}/{address}.html")

        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


@pytest.mark.usefixtures("complaints")
def test_a_phone_has_a_menu_that_leads_to_every_event_and_is_left_by_escape(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site.as_uri()}/index.html")
    menu = page.get_by_role("navigation", name="Events by service")
    expect(menu).to_be_hidden()

    page.get_by_role("button", name="Menu").click()
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    menu.get_by_role("link", name="OrderShipped").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("OrderShipped")
    expect(menu).to_be_hidden()


@pytest.mark.usefixtures("complaints")
@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=lambda size: f"{size[0]} px")
def test_publisher_and_subscribers_are_in_sight(page: Page, site: Path, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{site.as_uri()}/events/OrderPlaced.html")
    for name in ("orders", "inventory", "notifications"):
        expect(page.get_by_role("main").get_by_role("link", name=name, exact=True).first).to_be_in_viewport(ratio=1)

    page.goto(f"{site.as_uri()}/index.html")
    row = page.get_by_role("row", name="OrderPlaced")
    row.scroll_into_view_if_needed()
    for name in ("OrderPlaced", "orders", "inventory", "notifications"):
        expect(row.get_by_role("link", name=name, exact=True).first).to_be_in_viewport(ratio=1)

"""The pages of the event catalog: complete, linked only to each other, accessible, and without network access."""

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ecom67.eventcatalog.site import build
from schemas.registry import event_classes
from tests.infra.synthesis import Shop

EVENTS = list(event_classes())
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "polygon", "rect", "ellipse", "polyline"}


class ParsedPage(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.unclosed: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes.append((tag, found))
        self.links += [value for name in ("href", "src") if (value := found.get(name))]
        self.ids += [found["id"]] if found.get("id") else []  # type: ignore[list-item]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.unclosed.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)


@pytest.fixture(scope="module")
def site(shops: Mapping[str, Shop], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "events"
    build(shops["local"].folder, "local", out)
    return out


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, ParsedPage]:
    return {path.relative_to(site).as_posix(): ParsedPage(path.read_text()) for path in site.rglob("*.html")}


def text_of(site: Path, address: str) -> str:
    return re.sub(r"<[^>]+>", " ", (site / address).read_text())


def test_every_event_and_every_service_that_has_one_has_a_page(pages: dict[str, ParsedPage]) -> None:
    assert {f"events/{event.__name__}.html" for event in EVENTS} < pages.keys()
    assert {f"services/{event.source().removeprefix('ecom67.')}.html" for event in EVENTS} < pages.keys()


def test_an_event_s_page_says_who_publishes_and_who_subscribes_by_what(site: Path) -> None:
    text = text_of(site, "events/OrderPlaced.html")

    assert "ecom67-&lt;stage&gt;-orders-orders-relay" in text
    for service in ("cart", "inventory", "notifications"):
        assert f"ecom67-&lt;stage&gt;-{service}-events-dlq" in text
    assert "data.lines[].unitPrice.amount" in text


def test_an_event_that_nobody_hears_says_why_it_is_published(site: Path) -> None:
    for event in EVENTS:
        if event.no_subscriber_reason:
            assert f"No service of the shop subscribes. {event.no_subscriber_reason}" in text_of(
                site, f"events/{event.__name__}.html"
            )


def test_the_state_machine_is_drawn_as_its_template_has_it(site: Path) -> None:
    graph = (site / "flows.html").read_text()

    for state in (
        "ValidateCart",
        "ReserveStock",
        "ProcessPayment",
        "SendToOrderQueue",
        "RefundPayment",
        "cart/validate",
    ):
        assert f">{state}</text>" in graph


def test_every_link_leads_somewhere_in_the_site(site: Path, pages: dict[str, ParsedPage]) -> None:
    for address, page in pages.items():
        for link in page.links:
            path, _, anchor = link.partition("#")
            target = ((site / address).parent / path).resolve() if path else site / address
            assert target.is_file(), f"{link} on {address}"
            assert target.is_relative_to(site), f"{link} on {address}"
            if anchor:
                assert anchor in pages[target.relative_to(site).as_posix()].ids, f"{link} on {address}"


def test_nothing_is_asked_of_the_network(site: Path) -> None:
    for path in [*site.rglob("*.html"), *site.glob("assets/s*")]:
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//|@import|url\(["']?http|fetch\(""", path.read_text())


def test_a_page_can_be_read_by_who_does_not_see_it(pages: dict[str, ParsedPage]) -> None:
    for address, page in pages.items():
        assert page.unclosed == [], address
        assert page.headings.count(1) == 1, address
        main = page.headings[page.headings.index(1) :]
        assert all(deeper - above <= 1 for above, deeper in pairwise(main)), address
        assert len(page.ids) == len(set(page.ids)), address
        for tag, attributes in page.attributes:
            if tag == "html":
                assert attributes["lang"] == "en"
            if tag == "svg":
                assert attributes.get("aria-hidden") == "true" or attributes.get("aria-label"), address
            if attributes.get("role") == "region":
                assert attributes["aria-label"], address
                assert attributes["tabindex"] == "0", address
            if tag == "th":
                assert attributes.get("scope") or "events/" not in address, address


def test_whatever_there_is_can_be_searched_for(site: Path) -> None:
    text = (site / "search-index.js").read_text()
    entries: list[dict[str, Any]] = json.loads(text.removeprefix("window.SEARCH_INDEX = ").rstrip(";\n"))
    by_title = {entry["title"]: entry for entry in entries}

    assert {event.__name__ for event in EVENTS} < by_title.keys()
    assert "data.trackingNumber" in by_title["OrderShipped"]["text"]
    assert "A shopper buys" in by_title
    for entry in entries:
        assert (site / entry["id"].partition("#")[0]).is_file()


def test_the_contracts_can_be_taken_away_in_every_form(site: Path) -> None:
    files = {path.relative_to(site / "files").as_posix() for path in (site / "files").rglob("*.*")}

    assert {
        "json/orders/OrderPlaced.v1.json",
        "draft4/orders/OrderPlaced.v1.json",
        "examples/orders/OrderPlaced.v1.json",
        "asyncapi/orders.json",
        "typescript/orders.ts",
        "guides/loyalty.py",
    } <= files


def test_what_was_built_before_is_replaced(shops: Mapping[str, Shop], tmp_path: Path) -> None:
    out = tmp_path / "events"
    (out / "events").mkdir(parents=True)
    (out / "events" / "OrderForgotten.html").write_text("gone")

    build(shops["local"].folder, "local", out)

    assert not (out / "events" / "OrderForgotten.html").exists()

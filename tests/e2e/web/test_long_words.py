"""A word that is longer than a line breaks nothing: no page scrolls sideways, and nothing is cut off."""

import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from ecom67.demo.shopper import ADDRESS, Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import Buyer, expect_confirmation, pay
from tests.e2e.web.conftest import Visits
from tests.e2e.web.visit import DESK, PHONE

SIZES = {"small-phone": (320, 640), "phone": PHONE, "desk": DESK}


@pytest.fixture
def product(stage: Connection) -> Iterator[dict[str, Any]]:
    """A product whose every text is one word, as long as it may be; taken out again, since it is on every page."""
    long = f"w{secrets.token_hex(3)}" + "donaudampfschifffahrtsgesellschaft" * 20
    given = {
        "productId": f"long-{secrets.token_hex(3)}",
        "name": long[:200],
        "category": f"{long[:20]}/{long[20:63]}",
        "brand": long[:100],
        "description": long,
        "price": {"amount": 88_888_888, "currency": "USD"},
        "compareAtPrice": {"amount": 99_999_999, "currency": "USD"},
        "imageUrl": "/images/gooseneck-kettle.svg",
        "images": ["/images/gooseneck-kettle.svg", *(f"/images/none-{count}.svg" for count in range(9))],
        "tags": [long[:50]],
        "attributes": {long[:64]: long[:500], "material": long[:500]},
        "initialStock": 9,
    }
    staff = Shopper(stage)
    created = staff.call("POST /products", given, token=stage.token(STAFF, staff=True)).expect(201).body

    def found() -> bool | None:
        answer = staff.call(f"GET /search?q={quote(long[:200])}")
        return True if answer.status == 200 and answer.body["total"] else None

    eventually("the product is found", found)
    yield created
    staff.call(f"DELETE /products/{created['productId']}", token=stage.token(STAFF, staff=True)).expect(204)


def too_wide(page: Page) -> list[str]:
    """Return the elements that are wider than the window, or whose content is cut off where no ellipsis says so."""
    found: list[str] = page.evaluate(
        """() => {
            const scrolls = element => {
                for (let at = element; at && at !== document.body; at = at.parentElement)
                    if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(at).overflowX)) return true;
                return false;
            };
            const wide = [...document.querySelectorAll('body *')].filter(element => {
                const {left, right, width} = element.getBoundingClientRect();
                const isOutside = width && (right > innerWidth + 1 || left < -1);
                return isOutside && !element.closest('.sr-only') && !scrolls(element);
            });
            const html = wide.map(element => element.outerHTML.slice(0, 120));
            return document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways', ...html] : html;
        }"""
    )
    return found


def expect_fits(page: Page, path: str) -> None:
    """Open a page, and expect that nothing on it is wider than the window."""
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert too_wide(page) == [], path


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_where_a_visitor_looks(visits: Visits, product: dict[str, Any], size: tuple[int, int]) -> None:
    visit = visits(size=size)
    visit.expect_complaint("status of 404.*none-")
    page = visit.page("/")
    for path in (
        "/",
        f"/c/{quote(product['category'], safe='')}",
        f"/search?q={quote(product['name'])}",
        f"/search?q={'x' * 200}",
        f"/search?brand={quote(product['brand'])}&category={quote(product['category'], safe='')}",
        f"/p/{product['productId']}",
    ):
        expect_fits(page, path)
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_text("is in your cart")).to_be_visible()
    assert too_wide(page) == []
    page.get_by_role("combobox", name="Search the shop").fill(product["name"][:40])
    expect(page.get_by_role("option").first).to_be_visible()
    assert too_wide(page) == []
    expect_fits(page, "/cart")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert too_wide(page) == []


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_where_a_shopper_buys(
    visits: Visits, stage: Connection, product: dict[str, Any], size: tuple[int, int]
) -> None:
    visit = visits(size=size)
    visit.expect_complaint("status of (402|404).*/api/orders/|status of 404.*none-")
    buyer = Buyer(Shopper(stage), visit, stage)
    long = product["name"][:100]
    buyer.shopper.sign_up()
    buyer.shopper.call("PUT /me", {"name": long}).expect(200)
    address = {**ADDRESS, "name": long, "line1": f"12 Harbour Street {long[:80]}", "line2": long, "city": long}
    buyer.shopper.call("POST /me/addresses", {**address, "isDefault": True}).expect(201)
    buyer.shopper.fill_cart((product["productId"], 1))
    page = visit.page("/checkout")
    buyer.sign_in(page)
    expect(page.get_by_text("Test mode.")).to_be_visible()
    for path in ("/account", "/cart", "/checkout"):
        expect_fits(page, path)
    expect(page.get_by_text("Test mode.")).to_be_visible()
    assert too_wide(page) == []
    pay(page)
    order_id = expect_confirmation(page)
    expect(page.get_by_role("heading", name="What you ordered")).to_be_visible()
    assert too_wide(page) == []
    shipment = {"carrier": long[:60], "trackingNumber": long[:60]}
    buyer.shopper.call(f"POST /orders/{order_id}/ship", shipment, token=stage.token(STAFF, staff=True)).expect(202)
    for path in ("/orders", f"/orders/{order_id}"):
        expect_fits(page, path)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_what_the_assistant_shows(visits: Visits, product: dict[str, Any], size: tuple[int, int]) -> None:
    visit = visits(size=size)
    page = visit.page("/nowhere")
    page.get_by_role("button", name="Ask the assistant").click()
    assistant = page.get_by_role("dialog", name="Assistant")
    question = assistant.get_by_label("Your question")
    question.fill(f"Do you have {product['name']} in stock?")
    question.press("Enter")
    expect(assistant.get_by_role("button", name="Send")).to_be_visible()
    expect(assistant.get_by_role("log").get_by_text(product["name"][:100]).first).to_be_visible()

    wide = assistant.evaluate(
        "dialog => [...dialog.querySelectorAll('*')]"
        ".filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth"
        " && !element.closest('.sr-only, svg') && getComputedStyle(element).display !== 'inline')"
        ".map(element => element.outerHTML.slice(0, 120))"
    )
    assert wide == []
    assert too_wide(page) == []

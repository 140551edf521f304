"""A member of staff at the console, in a browser: how they enter, and what the dashboard tells them."""

import re

from playwright.sync_api import Page, Route, expect

from ecom67.local.accounts import PASSWORD, STAFF
from tests.e2e.web.visit import Visit

TABLET = (768, 1024)
FIGURES = ("orders", "units", "total", "cancelled_orders", "cancelled_units", "refunds", "refunded", "net", "carts")
"""What the dashboard's tiles have of the daily report."""
NUMBER = re.compile(r"[-−]?\$?[\d,]+(?:\.\d+)?")


def enter(visit: Visit, path: str) -> Page:
    """Open a page of the console as a member of staff, who signs in on the way."""
    page = visit.page(path)
    page.get_by_label("E-mail address").fill(STAFF)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Console")).to_be_visible()
    return page


def list_products(visit: Visit, count: int) -> None:
    """Have the console list so many products, a quarter a page, which nobody has stored."""

    def answer(route: Route) -> None:
        cursor = re.search(r"cursor=(\d+)", route.request.url)
        first = int(cursor[1]) if cursor else 0
        items = [
            {
                "productId": f"p-{number}",
                "name": f"Product {number}",
                "category": "kitchen",
                "brand": "",
                "price": {"amount": 100, "currency": "USD"},
                "imageUrl": "",
                "images": [],
                "tags": [],
                "attributes": {},
                "description": "",
                "status": "ACTIVE",
                "createdAt": "2026-12-01T00:00:00Z",
                "updatedAt": "2026-12-01T00:00:00Z",
            }
            for number in range(first, min(first + count // 4, count))
        ]
        following = first + count // 4
        route.fulfill(json={"items": items, **({"nextCursor": str(following)} if following < count else {})})

    visit.context.route("**/api/staff/products?*", answer)


def scroll_to_the_end(page: Page, count: int) -> None:
    """Scroll a list down, page after page, until its last row is in the document."""
    page.wait_for_function(
        """last => {
            window.scrollTo(0, document.body.scrollHeight);
            return document.querySelector(`tbody tr[data-index="${last}"]`) !== null;
        }""",
        arg=count - 1,
    )


def tiles(page: Page, days: int) -> dict[str, int]:
    """Open the dashboard for a period; return its figures by name, amounts in cents."""
    page.goto(f"/staff/dashboard?days={days}")

    def read(name: str) -> tuple[int, int]:
        tile = page.locator("dl > div").filter(has=page.get_by_text(name, exact=True))
        expect(tile).to_contain_text(re.compile(r"\d.*\d|–", re.DOTALL))
        value, remark = tile.get_by_role("definition").locator("span").all_inner_texts()
        return _number(value), _number(remark)

    net, total = read("Net sales")
    refunded, refunds = read("Refunded")
    orders, cancelled_orders = read("Orders")
    units, cancelled_units = read("Units")
    _, carts = read("Carts paid")
    found = (orders, units, total, cancelled_orders, cancelled_units, refunds, refunded, net, carts)
    return dict(zip(FIGURES, found, strict=True))


def _number(text: str) -> int:
    """Return the first number of a text; an amount in cents."""
    found = NUMBER.search(text)
    return int(re.sub(r"[$,.]", "", found[0]).replace("−", "-")) if found else 0

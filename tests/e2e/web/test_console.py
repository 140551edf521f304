"""The staff's console in a browser: who may enter, a product from its picture to its return, keys, and axe."""

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.accounts import PASSWORD, STAFF
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import Buyer, expect_confirmation, new_product, pay
from tests.e2e.web.conftest import Visits
from tests.e2e.web.test_accessibility import faults
from tests.e2e.web.visit import DESK, Visit

TABLET = (768, 1024)


def enter(visit: Visit, path: str) -> Page:
    """Open a page of the console as a member of staff, who signs in on the way."""
    page = visit.page(path)
    page.get_by_label("E-mail address").fill(STAFF)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Console")).to_be_visible()
    return page


def picture(folder: Path) -> Path:
    """Write a PNG, larger than the shop shows one."""
    side = 2000

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x5a\x82\x6e" * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    file = folder / "kettle.png"
    file.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )
    return file


def test_a_shopper_is_told_that_this_is_for_staff(visits: Visits, stage: Connection) -> None:
    buyer = Buyer(Shopper(stage), visits(), stage)
    buyer.shopper.sign_up()
    page = buyer.visit.page("/staff/products")
    buyer.sign_in(page)
    expect(page.get_by_role("heading", name="This is for the shop’s staff")).to_be_visible()
    expect(page.get_by_role("navigation", name="Console")).to_have_count(0)
    page.get_by_role("button", name="Use another account").click()
    expect(page.get_by_label("E-mail address")).to_be_visible()


def test_a_product_is_made_found_bought_sent_in_two_parcels_and_one_line_comes_back(
    visits: Visits, stage: Connection, tmp_path: Path
) -> None:
    other, other_name = new_product(stage, price=1500)
    desk = visits(size=DESK)
    page = enter(desk, "/staff/products")
    name = f"Enamel Kettle {other[-6:]}"

    expect(page.get_by_role("row").nth(2)).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="New product")).to_be_visible()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Category").fill("kitchen")
    page.get_by_label("Price in USD").fill("24.5")
    page.get_by_label("Units in stock").fill("9")
    page.get_by_label("Add pictures").set_input_files(picture(tmp_path))
    shown = page.get_by_role("img", name="Picture 1")
    expect(shown).to_be_visible()
    assert str(shown.get_attribute("src")).startswith("/images/uploaded/")
    assert faults(page) == []
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    product_id = page.url.rpartition("/")[2]
    expect(page.get_by_text("You created it")).to_be_visible()

    buyer = Buyer(Shopper(stage), visits(), stage)
    # The page that confirms an order may ask for it before it is stored.
    buyer.visit.expect_complaint("status of 404.*/api/orders/")
    eventually("the product is found", lambda: _is_found(buyer.shopper, name, product_id))
    bought = buyer.at_checkout((product_id, 2), (other, 1))
    pay(bought)
    order_id = expect_confirmation(bought)
    buyer.shopper.order(order_id)

    page.goto(f"/staff/orders/{order_id}")
    _send(page, {name: 2, other_name: 0})
    expect(page.get_by_text("Partly sent").first).to_be_visible()
    _send(page, {other_name: 1})
    expect(page.get_by_role("button", name="Send a parcel")).to_have_count(0)
    assert faults(page) == []
    page.get_by_role("button", name="Delivered").click()
    page.get_by_role("button", name="It has arrived").click()
    expect(page.get_by_text("The order is delivered.")).to_be_visible()
    expect(page.get_by_role("button", name="Delivered")).to_have_count(0)

    bought.goto(f"/orders/{order_id}")
    bought.get_by_role("main").get_by_role("link", name="Withdraw from the contract here").click()
    bought.get_by_role("checkbox", name=re.compile(re.escape(other_name))).uncheck()
    bought.get_by_role("button", name="Go on").click()
    bought.get_by_role("button", name="Confirm withdrawal").click()
    expect(bought.get_by_text("Your withdrawal was received")).to_be_visible()

    number = eventually("the return is announced", lambda: _return_number(buyer.shopper, order_id))
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="Returns")).to_be_visible()
    page.get_by_role("link", name=number).click()
    page.get_by_role("button", name="Receive").click()
    dialog = page.get_by_role("dialog", name="What came back?")
    dialog.get_by_label("Sell again").fill("1")
    dialog.get_by_label("Write off").fill("1")
    assert faults(page) == []
    dialog.get_by_role("button", name="Receive and refund").click()

    def refunded() -> int | None:
        total = buyer.shopper.order(order_id).get("refundedTotal")
        return total["amount"] if total else None

    assert eventually("the line is refunded", refunded) == 2 * 2450
    page.goto(f"/staff/stock/{product_id}")
    expect(page.get_by_role("row").filter(has_text="Sent back")).to_contain_text("+1")
    assert _movements(page) == [("Sent back", "+1", "8"), ("Ordered", "−2", "7"), ("First stock", "+9", "9")]


def test_two_who_edit_one_product_do_not_overwrite_each_other(visits: Visits, stage: Connection) -> None:
    product_id, name = new_product(stage)
    visit = visits(size=TABLET, scheme="dark")
    visit.expect_complaint("412")
    mine = enter(visit, f"/staff/products/{product_id}")
    theirs = visit.page(f"/staff/products/{product_id}")
    expect(mine.get_by_label("Price in USD")).to_have_value("25.00")
    theirs.get_by_label("Price in USD").fill("19")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_text("Saved.")).to_be_visible()

    mine.get_by_label("Brand").fill("Orrelund")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_text("Somebody has changed this product since you opened it: price.")).to_be_visible()
    assert faults(mine) == []
    mine.get_by_role("button", name="Show what is stored now").click()
    expect(mine.get_by_label("Price in USD")).to_have_value("19.00")
    mine.get_by_label("Brand").fill("Orrelund")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_text("You changed brand")).to_be_visible()
    product = Shopper(stage).call(f"GET /products/{product_id}").expect(200).body
    assert (product["name"], product["price"]["amount"], product["brand"]) == (name, 1900, "Orrelund")


def test_an_import_is_shown_row_by_row_before_it_is_made(visits: Visits, stage: Connection, tmp_path: Path) -> None:
    product_id, name = new_product(stage)
    file = tmp_path / "products.csv"
    file.write_text(f"productId,name,category,price,colour\n{product_id},{name},kitchen,9.50,red\n,Cup,kitchen,free,\n")
    page = enter(visits(), "/staff/products/import")
    page.get_by_label("Products file").set_input_files(file)
    expect(page.get_by_text("Not imported yet: 0 new, 1 replaced, 0 as they are, 1 refused.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Refused")).to_contain_text("'free' is not an amount")
    assert faults(page) == []
    assert Shopper(stage).call(f"GET /products/{product_id}").expect(200).body["price"]["amount"] == 2500
    page.get_by_role("button", name="Import 1 product").click()
    expect(page.get_by_text("Imported: 0 new, 1 replaced")).to_be_visible()
    assert Shopper(stage).call(f"GET /products/{product_id}").expect(200).body["price"]["amount"] == 950


def test_ten_thousand_rows_are_walked_by_keys_and_few_are_in_the_document(visits: Visits) -> None:
    visit = visits()

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
            for number in range(first, first + 2500)
        ]
        following = {"nextCursor": str(first + 2500)} if first < 7500 else {}
        route.fulfill(json={"items": items, **following})

    visit.context.route("**/api/staff/products?*", answer)
    page = enter(visit, "/staff/products")
    expect(page.get_by_role("link", name="Product 0", exact=True)).to_be_visible()
    page.wait_for_function(
        """() => {
            window.scrollTo(0, document.body.scrollHeight);
            return document.querySelector('tbody tr[data-index="9999"]') !== null;
        }"""
    )
    expect(page.get_by_text("10000 in all")).to_have_count(1)
    assert page.locator("tbody tr").count() < 80
    page.evaluate("window.scrollTo(0, 0)")
    expect(page.get_by_role("link", name="Product 0", exact=True)).to_be_visible()
    for _ in range(30):
        page.keyboard.press("j")
    expect(page.get_by_role("link", name="Product 29", exact=True)).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Product 28", exact=True)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("jjj?")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.get_by_text("Next row")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [(TABLET, "dark"), (DESK, "light")], ids=["tablet-dark", "desk-light"])
def test_axe_finds_nothing_serious_on_any_page_and_none_is_wider_than_its_window(
    visits: Visits, size: tuple[int, int], scheme: str
) -> None:
    page = enter(visits(size=size, scheme=scheme), "/staff")
    for path in _pages(page):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert (path, faults(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def _send(page: Page, units: dict[str, int]) -> None:
    page.get_by_role("button", name="Send a parcel").click()
    dialog = page.get_by_role("dialog", name="Send a parcel")
    dialog.get_by_label("Carrier").fill("UPS")
    dialog.get_by_label("Tracking number").fill(f"1Z999{len(units)}")
    for each, quantity in units.items():
        dialog.get_by_label(each).fill(str(quantity))
    dialog.get_by_role("button", name="Send it").click()
    expect(dialog).to_have_count(0)


def _pages(page: Page) -> Iterator[str]:
    """Return the pages of the navigation, the first that each list leads to, and those that no list leads to."""
    lists = [_path(link) for link in page.get_by_role("navigation", name="Console").get_by_role("link").all()]
    for path in lists:
        yield path
        yield from map(_path, page.locator("tr[data-index] a").all()[:1])
    yield from ("/staff/products/new", "/staff/products/import", "/staff/nowhere")


def _path(link: Locator) -> str:
    return str(link.get_attribute("href"))


def _movements(page: Page) -> list[tuple[str, ...]]:
    rows = page.get_by_role("table", name="Movements").get_by_role("row").all()[1:]
    cells = [[cell.inner_text() for cell in row.get_by_role("cell").all()] for row in rows]
    return [(what, change, then) for _, what, _, change, then in cells]


def _return_number(shopper: Shopper, order_id: str) -> str | None:
    returns = shopper.call(f"GET /orders/{order_id}/returns").expect(200).body["returns"]
    return str(returns[0]["returnNumber"]) if returns else None


def _is_found(shopper: Shopper, name: str, product_id: str) -> bool | None:
    items = shopper.call(f"GET /search?q={quote(name)}").expect(200).body["items"]
    return True if any(item["productId"] == product_id for item in items) else None

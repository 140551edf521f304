"""The staff's console in a browser: who may enter, two who edit one product, an import, and a list by its keys."""

import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from ecom67.demo.shopper import Shopper
from ecom67.local.accounts import PASSWORD, STAFF
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import Buyer, new_product
from tests.e2e.web.conftest import Visits
from tests.e2e.web.test_accessibility import faults
from tests.e2e.web.visit import Visit

TABLET = (768, 1024)


def enter(visit: Visit, path: str) -> Page:
    """Open a page of the console as a member of staff, who signs in on the way."""
    page = visit.page(path)
    page.get_by_label("E-mail address").fill(STAFF)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Console")).to_be_visible()
    return page


def test_a_shopper_is_told_that_this_is_for_staff(visits: Visits, stage: Connection) -> None:
    buyer = Buyer(Shopper(stage), visits(), stage)
    buyer.shopper.sign_up()
    page = buyer.visit.page("/staff/products")
    buyer.sign_in(page)
    expect(page.get_by_role("heading", name="This is for the shop’s staff")).to_be_visible()
    expect(page.get_by_role("navigation", name="Console")).to_have_count(0)
    page.get_by_role("button", name="Use another account").click()
    expect(page.get_by_label("E-mail address")).to_be_visible()


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
    for _ in range(3):
        page.keyboard.press("End")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_function("document.querySelectorAll('tbody tr[data-index]').length > 5")
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

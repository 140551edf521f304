"""The staff's console in a browser: who may enter, a product from its picture to its return, keys, and axe."""

import csv
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from bus.attribute_values import to_item
from documents.formatting import format_money
from ecom67.audit.settling import settle
from ecom67.demo.journal import deployed
from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.connection import Connection
from schemas.contract import Money
from services.reporting.daily_report import write_reports
from services.reporting.domain import SETTLING, day_of, days_between, end_of
from services.reporting.report_files import ReportFiles
from services.reporting.sales import Sales
from services.reporting.store import LIVE, DayStore, FactStore
from tests.deadlines import DEADLINE_SECONDS
from tests.e2e.web.buyer import Buyer, expect_confirmation, new_product, pay
from tests.e2e.web.conftest import Visits
from tests.e2e.web.console import FIGURES, TABLET, enter, list_products, scroll_to_the_end, tiles
from tests.e2e.web.test_accessibility import faults
from tests.e2e.web.visit import DESK

DAYS = "ecom67-local-SalesDays"
FACTS = "ecom67-local-SalesFacts"
LOOKS: tuple[tuple[tuple[int, int], Literal["dark", "light"]], ...] = ((TABLET, "dark"), (DESK, "light"))


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


def test_a_product_is_made_found_bought_sent_in_parcels_returned_cancelled_and_reported_to_the_cent(
    visits: Visits, stage: Connection, tmp_path: Path
) -> None:
    other, other_name = new_product(stage, price=1500)
    desk = visits(size=DESK)
    page = enter(desk, "/staff")
    assert settle(deployed(stage), DEADLINE_SECONDS) == []
    begun, before = datetime.now(UTC), tiles(page, 7)
    name = f"Enamel Kettle {other[-6:]}"

    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("table", name="Products").get_by_role("row").nth(2)).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="New product")).to_be_visible()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Category").fill("kitchen")
    page.get_by_label("Price in USD").fill("24.5")
    page.get_by_label("Units in stock").fill("9")
    page.get_by_label("Add pictures").set_input_files(picture(tmp_path))
    shown = page.get_by_role("img", name="Picture 1")
    expect(shown).to_be_visible()
    expect(shown).to_have_attribute("src", re.compile("^/images/uploaded/"))
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
    order = buyer.shopper.order(order_id)

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
    assert format_money(Money.model_validate(order["total"])) in _invoice(page)

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
    # Another one is cancelled before anything is sent, by one click too many.
    cart = buyer.shopper.fill_cart((product_id, 1))
    cancelled_id = buyer.shopper.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]
    cancelled = buyer.shopper.order(cancelled_id)
    bought.goto(f"/orders/{cancelled_id}")
    bought.get_by_role("button", name="Cancel this order").click()
    bought.get_by_role("button", name="Cancel the order").dblclick()
    expect(bought.get_by_text("The order is cancelled.")).to_be_visible()
    expect(bought.get_by_role("button", name="Cancel this order")).to_have_count(0)
    buyer.shopper.call(f"POST /orders/{cancelled_id}/cancel").expect(202)
    eventually("it is refunded", lambda: True if buyer.shopper.order(cancelled_id)["status"] == "REFUNDED" else None)
    assert buyer.refunds() == (2, 2 * 2450 + cancelled["total"]["amount"])

    assert settle(deployed(stage), DEADLINE_SECONDS) == []
    page.goto(f"/staff/stock/{product_id}")
    expect(page.get_by_role("row").filter(has_text="Order cancelled")).to_contain_text("+1")
    assert _movements(page) == [
        ("Order cancelled", "+1", "8"),
        ("Ordered", "−1", "7"),
        ("Sent back", "+1", "8"),
        ("Ordered", "−2", "7"),
        ("First stock", "+9", "9"),
    ]

    after = tiles(page, 7)
    paid = order["total"]["amount"] + cancelled["total"]["amount"]
    back = 2 * 2450 + cancelled["total"]["amount"]
    assert {figure: after[figure] - before[figure] for figure in after} == {
        "orders": 2,
        "units": 4,
        "total": paid,
        "cancelled_orders": 1,
        "cancelled_units": 1,
        "refunds": 2,
        "refunded": back,
        "net": paid - back,
        "carts": 2,
    }
    with _reports_up_to_now(stage, begun):
        sales, products = _reports(page, begun)
    assert sales == tiles(page, len(days_between(day_of(begun), day_of(datetime.now(UTC)))))
    assert products[product_id] == {"units": 3, "sales": 3 * 2450, "cancelled_units": 1}
    assert products[other] == {"units": 1, "sales": 1500, "cancelled_units": 0}


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
    list_products(visit, 10_000)
    page = enter(visit, "/staff/products")
    expect(page.get_by_role("link", name="Product 0", exact=True)).to_be_visible()
    scroll_to_the_end(page, 10_000)
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


def test_axe_finds_nothing_serious_on_any_page_and_none_is_wider_than_its_window(visits: Visits) -> None:
    page = enter(visits(), "/staff")
    for path in _pages(page):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        # Placeholders breathe until what they stand for is there.
        expect(page.locator(".animate-breathe")).to_have_count(0)
        for (width, height), scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            assert (path, scheme, faults(page)) == (path, scheme, [])
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)


def _send(page: Page, units: dict[str, int]) -> None:
    page.get_by_role("button", name="Send a parcel").click()
    dialog = page.get_by_role("dialog", name="Send a parcel")
    dialog.get_by_label("Carrier").fill("UPS")
    dialog.get_by_label("Tracking number").fill(f"1Z999{len(units)}")
    for each, quantity in units.items():
        dialog.get_by_label(each).fill(str(quantity))
    dialog.get_by_role("button", name="Send it").click()
    expect(dialog).to_have_count(0)


def _invoice(page: Page) -> str:
    """Return the text of the invoice that the page of an order has."""
    with page.expect_download() as downloading:
        page.get_by_role("button", name=re.compile("Download PDF of invoice")).click()
    return "\n".join(sheet.extract_text() for sheet in PdfReader(downloading.value.path()).pages)


@contextmanager
def _reports_up_to_now(stage: Connection, begun: datetime) -> Iterator[None]:
    """Write the reports as the timer does in the night after today, and forget them at the end: the day goes on."""
    dynamodb = stage.client("dynamodb")
    days, now = DayStore(dynamodb, DAYS), end_of(day_of(datetime.now(UTC))) + SETTLING
    buckets = deployed(stage).of_kind("AWS::S3::Bucket")
    bucket = next(each.physical_id for each in buckets if each.service == "reporting")
    try:
        sales = Sales(FactStore(dynamodb, FACTS), days, now=lambda: now)
        write_reports(sales, days, ReportFiles(stage.client("s3"), bucket))
        yield
    finally:
        for day in days_between(day_of(begun), day_of(now)):
            dynamodb.delete_item(TableName=DAYS, Key=to_item({"generation": LIVE, "day": day.isoformat()}))


def _reports(page: Page, begun: datetime) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Download the reports since a moment; return the sums of sales, and the figures by product."""
    sales: dict[str, int] = dict.fromkeys(FIGURES, 0)
    products: dict[str, dict[str, int]] = {}
    page.goto("/staff/reports")
    for day in days_between(day_of(begun), day_of(datetime.now(UTC))):
        row = page.get_by_role("row").filter(has_text=f"{day:%b} {day.day}, {day.year}")
        for line in _rows(row, "Sales, CSV"):
            sales = {figure: sales[figure] + _figure(line, figure) for figure in sales}
        for line in _rows(row, "Products, CSV"):
            known = products.setdefault(line["product_id"], dict.fromkeys(("units", "sales", "cancelled_units"), 0))
            known.update({figure: known[figure] + _figure(line, figure) for figure in known})
    return sales, products


def _rows(row: Locator, name: str) -> list[dict[str, str]]:
    with row.page.expect_download() as downloading:
        row.get_by_role("button", name=name).click()
    with downloading.value.path().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _figure(line: dict[str, str], name: str) -> int:
    return int(line.get(name) or line[f"{name}_usd_minor_units"])


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

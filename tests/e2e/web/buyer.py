"""Somebody who buys in a browser, and what tests do beside them over HTTP: make products, count charges."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from ecom67.demo.shopper import ADDRESS, PASSWORD, Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.e2e.web.visit import Visit

VISA = "4242"
THREE_D_SECURE = "3220"
DECLINED = "0002"


@dataclass
class Buyer:
    """A shopper with a browser.

    Attributes:
        shopper: the same person over HTTP.
        visit: their browser.
        stage: of the shop.
    """

    shopper: Shopper
    visit: Visit
    stage: Connection

    def sign_in(self, page: Page) -> None:
        """Fill in the sign-in form that the page shows."""
        page.get_by_label("E-mail address").fill(self.shopper.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    def at_checkout(self, *wanted: tuple[str, int]) -> Page:
        """Open checkout with these products and an address, signed in."""
        self.shopper.sign_up()
        self.shopper.fill_cart(*wanted)
        self.shopper.call("POST /me/addresses", {**ADDRESS, "isDefault": True}).expect(201)
        page = self.visit.page("/checkout")
        self.sign_in(page)
        expect(page.get_by_role("radio", name=re.compile("Harbour Street"))).to_be_checked()
        expect(page.get_by_text("Test mode.")).to_be_visible()
        return page

    def charges(self) -> list[int]:
        """Return the amounts that were charged to them, in cents."""
        return [intent["amount"] for intent in self._at_stripe()["paymentIntents"] if intent["status"] == "succeeded"]

    def refunds(self) -> tuple[int, int]:
        """Return how often something went back to their cards, and how much together, in cents."""
        state = self._at_stripe()
        return state["refunds"], state["amountRefunded"]

    def _at_stripe(self) -> dict[str, Any]:
        user_id = self.shopper.call("GET /me").expect(200).body["userId"]
        found = httpx.get(
            f"{self.stage.stripe_url}/_state/payment_intents", params={"metadata[userId]": user_id}
        ).raise_for_status()
        state: dict[str, Any] = found.json()
        return state


def pay(page: Page, card: str = VISA) -> None:
    """Choose a test card by its last digits, and pay."""
    page.get_by_role("radio", name=card).check()
    page.get_by_role("button", name=re.compile("^Pay")).click()


def expect_confirmation(page: Page) -> str:
    """Wait for the page that confirms an order; return the order's id."""
    expect(page.get_by_role("heading", name="Thank you for your order")).to_be_visible()
    found = re.search(r"/orders/(\w+)/confirmed", page.url)
    assert found
    return found[1]


def new_product(stage: Connection, *, price: int = 2500, stock: int = 9, name: str = "") -> tuple[str, str]:
    """Make a product of this test's own, and wait until it can be bought; return its id and its name."""
    piece = secrets.token_hex(3)
    name = name or f"Test piece {piece}"
    product = {
        "productId": f"test-piece-{piece}",
        "name": name,
        "category": "desk-and-paper",
        "price": {"amount": price, "currency": "USD"},
        "imageUrl": "/images/gooseneck-kettle.svg",
        "initialStock": stock,
    }
    staff = Shopper(stage)
    created = staff.call("POST /products", product, token=stage.token(STAFF, staff=True)).expect(201)
    product_id = str(created.body["productId"])

    def counted() -> bool | None:
        answer = staff.call(f"GET /stock/{product_id}")
        return True if answer.status == 200 and answer.body["available"] == stock else None

    eventually(f"{product_id} is in stock", counted)
    return product_id, name


def new_products(stage: Connection, count: int, *, stock: int = 9) -> list[str]:
    """Make products of this test's own at once, and wait until all can be bought; return their ids."""
    piece = secrets.token_hex(3)
    rows = [
        {
            "productId": f"test-piece-{piece}-{number:02}",
            "name": f"Test piece {piece}, number {number}",
            "category": "desk-and-paper",
            "price": {"amount": 100, "currency": "USD"},
            "imageUrl": "/images/gooseneck-kettle.svg",
            "initialStock": stock,
        }
        for number in range(1, count + 1)
    ]
    staff = Shopper(stage)
    report = staff.call("POST /products/import", rows, token=stage.token(STAFF, staff=True)).expect(200).body
    assert report["created"] == count, report
    ids = [str(row["productId"]) for row in rows]

    def counted() -> bool | None:
        stocks = (staff.call(f"GET /stock/{product_id}") for product_id in ids)
        return True if all(stock.status == 200 and stock.body["available"] for stock in stocks) else None

    eventually(f"{count} products are in stock", counted)
    return ids


def change_price(stage: Connection, product_id: str, price: int, watched_by: Shopper) -> None:
    """Change a product's price, and wait until the cart of a shopper knows it."""
    product = watched_by.call(f"GET /products/{product_id}").expect(200).body
    changed: dict[str, Any] = {**product, "price": {"amount": price, "currency": "USD"}}
    watched_by.call(f"PUT /products/{product_id}", changed, token=stage.token(STAFF, staff=True)).expect(200)

    def known() -> bool | None:
        lines = watched_by.call("GET /cart").expect(200).body["lines"]
        (line,) = (each for each in lines if each["productId"] == product_id)
        return True if line["unitPrice"]["amount"] == price else None

    eventually("the cart knows the new price", known)

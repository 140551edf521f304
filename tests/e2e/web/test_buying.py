"""A person buys: from the first look to the order and its e-mail."""

import re
import secrets

import pytest
from playwright.sync_api import Locator, Page, expect

from ecom67.demo.shopper import CODE, PASSWORD, Shopper
from ecom67.local.connection import Connection
from schemas.order_number import order_number
from tests.e2e.web.buyer import expect_confirmation, pay
from tests.e2e.web.conftest import Visits
from tests.e2e.web.visit import DESK, PHONE

NOT_THERE_YET = "status of 404.*/api/orders/"
"""An order is written down a moment after it was paid."""


def fresh_email() -> str:
    return f"ada-{secrets.token_hex(4)}@ecom67.example"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_person_buys(visits: Visits, stage: Connection, size: tuple[int, int]) -> None:
    visit = visits(size=size)
    visit.expect_complaint(NOT_THERE_YET)
    shopper = Shopper(stage)
    page = visit.page()
    search = page.get_by_role("combobox", name="Search the shop")
    search.fill("linen")
    search.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("linen")
    names = [put_into_cart(page)]
    page.get_by_role("navigation", name="Categories").get_by_role("link", name="Kitchen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kitchen")
    names.append(put_into_cart(page))

    page.get_by_role("banner").get_by_role("link", name=re.compile("^Cart")).click()
    page.get_by_role("button", name=f"One more of {names[0]}").click()
    expect(page.get_by_role("link", name=re.compile("Cart.* 3 items"))).to_be_visible()
    page.get_by_role("button", name="Check out").click()

    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail address").fill(shopper.email)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    page.get_by_label("Code from the e-mail").fill(CODE)
    page.get_by_role("button", name="Confirm").click()

    # Back to where they were going, and what was in the cart has come along.
    expect(page.get_by_role("heading", level=1)).to_have_text("Checkout")
    for name in names:
        expect(page.get_by_text(name, exact=True)).to_be_visible()
    page.get_by_label("Street and number").fill("12 Harbour Street")
    page.get_by_label("City").fill("Portland")
    page.get_by_label("State").select_option("OR")
    page.get_by_label("ZIP code").fill("97201")
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_role("radio", name=re.compile("Harbour Street"))).to_be_checked()
    total = page.get_by_role("button", name=re.compile("^Pay")).inner_text().removeprefix("Pay ")
    pay(page)

    order_id = expect_confirmation(page)
    number = order_number(order_id)
    expect(page.get_by_text(f"Its number is {number}.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Cart.* 0 items"))).to_be_visible()
    page.get_by_role("link", name="Follow the order").click()
    expect(page.get_by_text("Ordered and paid")).to_be_visible()
    expect(page.get_by_text(total).last).to_be_visible()
    expect(page.get_by_text(f"Number {number}")).to_be_visible()
    page.get_by_role("link", name="Your orders").click()
    expect(page.get_by_text(f"Number {number}")).to_be_visible()
    mail = shopper.mail_about(order_id)
    assert f"Your order {number} is confirmed" in mail
    assert f"Order: {number}" in mail


def put_into_cart(page: Page) -> str:
    """Open the first product of the list and put it into the cart; return its name."""
    link = page.locator("main article").first.get_by_role("link")
    name = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_text(f"{name} is in your cart.")).to_be_visible()
    return name


def test_a_person_buys_by_keyboard_alone(visits: Visits, stage: Connection) -> None:
    visit = visits()
    visit.expect_complaint(NOT_THERE_YET)
    shopper = Shopper(stage)
    page = visit.page("/c/kitchen")
    press(page, page.locator("main article").first.get_by_role("link"))
    press(page, page.get_by_role("button", name="Add to cart"))
    press(page, page.get_by_role("link", name="View cart"))
    press(page, page.get_by_role("button", name=re.compile("^One more of")))
    press(page, page.get_by_role("button", name="Check out"))
    press(page, page.get_by_role("link", name="Make an account"))
    write(page, "Name", "Ada Lovelace")
    write(page, "E-mail address", shopper.email)
    write(page, "New password", PASSWORD)
    page.keyboard.press("Enter")
    write(page, "Code from the e-mail", CODE)
    page.keyboard.press("Enter")
    write(page, "Street and number", "12 Harbour Street")
    write(page, "City", "Portland")
    reach(page, page.get_by_label("State"))
    page.keyboard.type("Oregon")
    write(page, "ZIP code", "97201")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name=re.compile("Harbour Street"))).to_be_checked()
    press(page, page.get_by_role("button", name=re.compile("^Pay")))
    # While the order is being placed, the focus is on what tells of it.
    expect(page.locator(":focus")).not_to_have_text("")

    order_id = expect_confirmation(page)
    expect(page.locator("main")).to_be_focused()
    press(page, page.get_by_role("link", name="Follow the order"))
    expect(page.get_by_text(order_number(order_id))).to_be_visible()


def reach(page: Page, control: Locator) -> None:
    """Press Tab until a control has the focus."""
    expect(control).to_be_visible()
    for _ in range(80):
        if control.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} cannot be reached by Tab")


def press(page: Page, control: Locator) -> None:
    reach(page, control)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    reach(page, page.get_by_label(label, exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type(text)

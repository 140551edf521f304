"""axe finds nothing serious on the pages of who buys, in light and dark, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from ecom67.demo.shopper import Shopper
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import DECLINED, THREE_D_SECURE, Buyer, expect_confirmation, new_product, pay
from tests.e2e.web.conftest import Visits
from tests.e2e.web.test_accessibility import faults
from tests.e2e.web.visit import DESK, PHONE

ON_A_PHONE_IN_THE_DARK = {"size": PHONE, "scheme": "dark"}
AT_A_DESK_IN_THE_LIGHT = {"size": DESK, "scheme": "light"}


def open_settled(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("look", [ON_A_PHONE_IN_THE_DARK, AT_A_DESK_IN_THE_LIGHT], ids=["phone-dark", "desk-light"])
def test_of_a_visitor(visits: Visits, look: dict[str, object]) -> None:
    page = visits(**look).page("/cart")  # type: ignore[arg-type]
    for path, button in {
        "/cart": None,
        "/sign-in": "Sign in",
        "/sign-up": "Make an account",
        "/forgotten-password": "Send a code",
    }.items():
        open_settled(page, path)
        assert faults(page) == [], path
        if button:
            # With the faults of its form.
            page.get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_label("E-mail address")).to_have_attribute("aria-invalid", "true")
            assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


@pytest.mark.parametrize("look", [ON_A_PHONE_IN_THE_DARK, AT_A_DESK_IN_THE_LIGHT], ids=["phone-dark", "desk-light"])
def test_of_a_shopper(visits: Visits, stage: Connection, look: dict[str, object]) -> None:
    visit = visits(**look)  # type: ignore[arg-type]
    visit.expect_complaint("status of (402|404).*/api/orders")
    buyer = Buyer(Shopper(stage), visit, stage)
    product_id, name = new_product(stage, stock=3)
    page = buyer.at_checkout((product_id, 1))
    assert faults(page) == []
    pay(page, DECLINED)
    expect(page.get_by_text("The payment was declined")).to_be_visible()
    assert faults(page) == []
    pay(page, THREE_D_SECURE)
    bank = page.get_by_role("dialog", name="Test bank")
    expect(bank).to_be_visible()
    assert faults(page) == []
    bank.get_by_role("button", name="Approve").click()
    order_id = expect_confirmation(page)
    expect(page.get_by_role("heading", name="What you ordered")).to_be_visible()
    assert faults(page) == []

    buyer.shopper.fill_cart((product_id, 2))
    for path in ("/cart", "/orders", f"/orders/{order_id}", "/orders/nothing", "/account"):
        open_settled(page, path)
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    page.get_by_role("button", name="Add an address").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []
    page.goto("/cart")
    expect(page.get_by_text(re.compile("Only 2 left"))).to_be_visible()
    page.get_by_role("button", name=f"Remove {name}").click()
    assert faults(page) == []

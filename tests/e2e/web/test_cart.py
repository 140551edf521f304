"""The cart: quantities, what is to be known of its lines, and the way back from a mistake."""

import re

import pytest
from playwright.sync_api import Route, expect

from ecom67.demo.shopper import Shopper
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import Buyer, change_price, new_product
from tests.e2e.web.conftest import Visits
from tests.e2e.web.visit import PHONE


@pytest.fixture
def buyer(visits: Visits, stage: Connection) -> Buyer:
    shopper = Shopper(stage)
    shopper.sign_up()
    return Buyer(shopper, visits(size=PHONE), stage)


def test_what_was_removed_can_be_put_back_with_the_keyboard(buyer: Buyer) -> None:
    product_id, name = new_product(buyer.stage, price=2000)
    buyer.shopper.fill_cart((product_id, 2))
    page = buyer.visit.page("/sign-in?to=/cart")
    buyer.sign_in(page)
    page.get_by_role("button", name=f"Remove {name}").press("Enter")
    undo = page.get_by_role("button", name=f"Undo: put {name} back")
    expect(undo).to_be_focused()
    expect(page.get_by_role("heading", name="Your cart is empty")).to_be_visible()

    undo.press("Enter")

    expect(page.get_by_role("link", name=name)).to_be_focused()
    expect(page.get_by_role("textbox", name=f"Quantity of {name}")).to_have_value("2")
    expect(page.get_by_text("$45.99")).to_be_visible()


def test_a_changed_price_is_told_until_it_is_accepted(buyer: Buyer) -> None:
    product_id, name = new_product(buyer.stage, price=2500, stock=2)
    buyer.shopper.fill_cart((product_id, 1))
    change_price(buyer.stage, product_id, 3000, buyer.shopper)
    page = buyer.visit.page("/sign-in?to=/cart")
    buyer.sign_in(page)
    expect(page.get_by_text("The price has changed. It was $25.00.")).to_be_visible()

    page.get_by_role("button", name=f"Keep {name} at the new price").click()

    expect(page.get_by_text("The price has changed.")).to_be_hidden()
    expect(page.get_by_text("Only 2 left.")).to_be_visible()


def test_what_cannot_be_had_stands_in_the_way_of_checkout(buyer: Buyer) -> None:
    product_id, name = new_product(buyer.stage, stock=3)
    buyer.shopper.fill_cart((product_id, 3))
    eve = Shopper(buyer.stage)
    eve.sign_up()
    eve.buy("pm_card_visa", eve.fill_cart((product_id, 1))["total"]).expect(201)
    page = buyer.visit.page("/sign-in?to=/cart")
    buyer.sign_in(page)
    expect(page.get_by_text("Only 2 left.")).to_be_visible()
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_role("alert").filter(has_text="Take fewer or remove it")).to_be_visible()

    page.get_by_role("button", name=f"Take 2 of {name}").click()
    page.get_by_role("button", name="Check out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Checkout")


def test_what_can_be_had_again_stands_in_the_way_no_more(buyer: Buyer) -> None:
    product_id, name = new_product(buyer.stage, stock=3)
    buyer.shopper.fill_cart((product_id, 3))
    eve = Shopper(buyer.stage)
    eve.sign_up()
    order = eve.buy("pm_card_visa", eve.fill_cart((product_id, 1))["total"]).expect(201).body
    page = buyer.visit.page("/sign-in?to=/cart")
    buyer.sign_in(page)
    expect(page.get_by_role("button", name=f"Take 2 of {name}")).to_be_visible()

    eve.call(f"POST /orders/{order['orderId']}/cancel").expect(202)

    expect(page.get_by_role("button", name=f"Take 2 of {name}")).to_be_hidden()
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Checkout")


def test_a_change_that_the_server_refuses_is_taken_back(buyer: Buyer) -> None:
    buyer.visit.expect_complaint("status of 503.*/api/cart")
    product_id, name = new_product(buyer.stage)
    buyer.shopper.fill_cart((product_id, 1))
    page = buyer.visit.page("/sign-in?to=/cart")
    buyer.sign_in(page)
    quantity = page.get_by_role("textbox", name=f"Quantity of {name}")
    expect(quantity).to_have_value("1")
    problem = {"type": "urn:x", "title": "Busy", "status": 503, "code": "CART_BUSY", "detail": "Please try again."}
    waiting: list[Route] = []
    page.route(re.compile(f"/api/cart/{product_id}"), lambda route: waiting.append(route))

    page.get_by_role("button", name=f"One more of {name}").click()
    expect(quantity).to_have_value("2")
    page.wait_for_function("() => document.querySelector('[aria-busy=true]')")
    waiting[0].fulfill(status=503, json=problem)

    expect(quantity).to_have_value("1")
    expect(page.get_by_text("Please try again.")).to_be_visible()

"""Tax in the browser and after it: told in the cart, added at checkout, on the order, in its mail, given back."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import Buyer, expect_confirmation, new_product, pay
from tests.e2e.web.conftest import Visits

TORONTO = {
    "name": "Ada Demo",
    "line1": "12 Harbour Street",
    "city": "Toronto",
    "region": "ON",
    "postalCode": "M5J 2N8",
    "country": "CA",
    "isDefault": True,
}


@pytest.fixture
def buyer(visits: Visits, stage: Connection) -> Buyer:
    return Buyer(Shopper(stage), visits(), stage)


def test_tax_is_told_charged_mailed_and_given_back(buyer: Buyer) -> None:
    # The page of a new order may be faster than the order.
    buyer.visit.expect_complaint("status of 404.*/api/orders/")
    product_id, _ = new_product(buyer.stage, price=2500)
    shopper = buyer.shopper
    shopper.sign_up()
    shopper.fill_cart((product_id, 1))
    shopper.call("POST /me/addresses", TORONTO).expect(201)
    page = buyer.visit.page("/checkout")
    buyer.sign_in(page)

    # 25.00 and 5.99 for delivery, and 13 % of both.
    review = page.get_by_role("region", name="4. Your order")
    expect(review.get_by_text("HST 13%")).to_be_visible()
    expect(review.get_by_text("$4.03")).to_be_visible()
    expect(page.get_by_role("button", name="Pay $35.02")).to_be_visible()
    page.get_by_role("link", name="Change the cart").click()
    summary = page.get_by_role("region", name="Summary")
    summary.get_by_label("Delivery to").select_option("CA")
    expect(summary.get_by_text("at checkout", exact=True)).to_be_visible()
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_text("Test mode.")).to_be_visible()
    expect(page.get_by_role("button", name="Pay $35.02")).to_be_visible()
    pay(page)

    order_id = expect_confirmation(page)
    assert buyer.charges() == [3502]
    assert re.search(r"HST 13%:\s+\$4\.03", shopper.mail_about(order_id))
    page.goto(f"/orders/{order_id}")
    expect(page.get_by_text("HST 13%")).to_be_visible()

    staff = buyer.stage.token(STAFF, staff=True)
    given_back = {"lines": [{"productId": product_id, "quantity": 1}], "reason": "DAMAGED"}
    shopper.call(f"POST /orders/{order_id}/refund", given_back, key=secrets.token_hex(12), token=staff).expect(202)

    def refunded() -> int | None:
        order = shopper.order(order_id)
        return order["refundedTotal"]["amount"] if order.get("refundedTotal") else None

    assert eventually("the line is refunded with its tax", refunded) == 2825

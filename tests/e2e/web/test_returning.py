"""A guest withdraws by the link of a mail: the receipt, the money, and the goods on the shelf, each of them once."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from schemas.order_number import order_number
from tests.e2e.web.conftest import Visits
from tests.e2e.web.test_accessibility import faults
from tests.e2e.web.visit import PHONE


@pytest.fixture
def ada(stage: Connection) -> Shopper:
    shopper = Shopper(stage)
    shopper.sign_up()
    return shopper


def bought(ada: Shopper, *lines: tuple[dict[str, Any], int]) -> str:
    """Buy products; return the order's id."""
    cart = ada.fill_cart(*((product["productId"], quantity) for product, quantity in lines))
    order_id: str = ada.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]
    ada.order(order_id)
    return order_id


def mails_to(ada: Shopper, stage: Connection, words: str) -> list[str]:
    """Return the mails to her with these words."""
    accounts = httpx.get(stage.mailbox_url).raise_for_status().json()["messages"]
    sent = [str(message) for messages in accounts.values() for message in messages]
    return [mail for mail in sent if ada.email in mail and words in mail]


def link_of(mail: str) -> str:
    """Return the path of the order's link in a mail."""
    found = re.search(r"/o/[\w.-]+", mail)
    assert found
    return found.group()


def available(ada: Shopper, product: dict[str, Any]) -> int:
    units: int = ada.call(f"GET /stock/{product['productId']}").expect(200).body["available"]
    return units


def test_a_guest_withdraws_from_one_line_by_the_link_of_the_mail_and_gets_the_money(
    visits: Visits, stage: Connection, ada: Shopper
) -> None:
    lamp = ada.find_product("lighting", at_least=8)
    cloth = ada.find_product("kitchen", at_least=8)
    order_id = bought(ada, (lamp, 2), (cloth, 1))
    number, staff = order_number(order_id), stage.token(STAFF, staff=True)
    parcel = {"carrier": "UPS", "trackingNumber": "1Z999"}
    ada.call(f"POST /orders/{order_id}/ship", parcel, token=staff).expect(202)
    ada.call(f"POST /orders/{order_id}/deliver", token=staff).expect(202)
    link = link_of(eventually("the mail", lambda: next(iter(mails_to(ada, stage, "has arrived")), None)))
    visit = visits(size=PHONE)

    page = visit.page(link)
    expect(page.get_by_text(f"Number {number}")).to_be_visible()
    assert "Harbour Street" not in page.locator("main").inner_text()
    assert faults(page) == []
    page.get_by_role("main").get_by_role("link", name="Withdraw from the contract here").click()
    page.get_by_role("checkbox", name=cloth["name"]).uncheck()
    page.get_by_role("button", name=f"One less of {lamp['name']}").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(f"1 × {lamp['name']}")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Confirm withdrawal").click()
    expect(page.get_by_text("Your withdrawal was received")).to_be_visible()

    receipt = eventually("the receipt", lambda: next(iter(mails_to(ada, stage, "You have withdrawn")), None))
    assert re.search(r"Withdrawal received: \w+ \d+, \d{4} at \d+:\d\d [AP]M E[SD]T", receipt)
    assert lamp["name"] in receipt
    assert cloth["name"] not in receipt
    page.goto(link)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Return slip (PDF)").click()
    assert downloading.value.path().read_bytes().startswith(b"%PDF-")

    before = available(ada, lamp)
    (announced,) = ada.call(f"GET /orders/{order_id}/returns").expect(200).body["returns"]
    receive = f"POST /staff/returns/{announced['returnId']}/receive"
    goods = {"lines": [{"productId": lamp["productId"], "restock": 1}]}
    for _ in range(2):
        ada.call(receive, goods, token=staff).expect(202)

    def refunded() -> dict[str, Any] | None:
        order = ada.order(order_id)
        return order if order.get("refundedTotal") == lamp["price"] else None

    eventually("the lamp is refunded", refunded)
    eventually("it is on the shelf", lambda: True if available(ada, lamp) == before + 1 else None)

    def settled() -> dict[str, Any] | None:
        (each,) = ada.call(f"GET /orders/{order_id}/returns").expect(200).body["returns"]
        return each if each["status"] == "REFUNDED" else None

    assert eventually("the return is refunded", settled)["refund"] == lamp["price"]
    page.reload()
    entry = page.get_by_role("listitem").filter(has_text=f"return {number}-1")
    expect(entry).to_contain_text("Money given back")


def test_before_it_is_sent_a_withdrawal_by_number_and_address_cancels_the_order(
    visits: Visits, stage: Connection, ada: Shopper
) -> None:
    lamp = ada.find_product("lighting", at_least=5)
    order_id = bought(ada, (lamp, 1))
    number = order_number(order_id)
    page = visits().page("/")

    page.get_by_role("contentinfo").get_by_role("link", name="Withdraw from the contract here").click()
    page.get_by_label("Order number").fill(number.lower())
    page.get_by_label("E-mail address").fill(ada.email)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Confirm withdrawal").click()
    expect(page.get_by_text("Your withdrawal was received")).to_be_visible()
    assert faults(page) == []

    receipt = eventually("the receipt", lambda: next(iter(mails_to(ada, stage, "You have withdrawn")), None))
    assert "the order is cancelled" in receipt
    assert ada.order(order_id)["status"] in ("CANCELLED", "REFUNDED")

    def is_refunded() -> bool | None:
        return ada.order(order_id)["status"] == "REFUNDED" or None

    eventually("the order is refunded", is_refunded)

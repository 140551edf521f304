"""Delivery in the browser: what it costs and when it arrives, and which addresses are taken."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from ecom67.demo.shopper import ADDRESS, Shopper
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import Buyer, expect_confirmation, new_product, pay
from tests.e2e.web.conftest import Visits

ADDRESSES = Path(__file__).parents[2] / "contract" / "delivery" / "addresses.csv"
TYPED = [0, 3, 4, 7, 9, 12, 16, 19, 26, 30, 32, 34]
"""A dozen of them: states, provinces, codes that are wrong or missing, a post box, countries without code or city."""
LABELS = {
    "city": re.compile("^(City|Town|District|Suburb)"),
    "region": re.compile("^(State|Province|Area|Emirate|Prefecture|County)"),
    "postalCode": re.compile("^(ZIP code|Postal code|Eircode|PIN code)"),
}
FREIGHT = "arched-floor-lamp"


@pytest.fixture
def buyer(visits: Visits, stage: Connection) -> Buyer:
    return Buyer(Shopper(stage), visits(), stage)


def test_delivery_is_told_chosen_and_kept(buyer: Buyer) -> None:
    # The page of a new order may be faster than the order.
    buyer.visit.expect_complaint("status of 404.*/api/orders/")
    product_id, _ = new_product(buyer.stage, price=2500)
    page = buyer.visit.page(f"/p/{product_id}")
    promise = page.locator("[data-delivery]")
    expect(promise).to_contain_text(re.compile(r"Standard delivery: \$5\.99, free from \$50\.00, arrives \w+ \d+"))
    promise.get_by_label("Delivery to").select_option("DE")
    expect(promise).to_contain_text("We do not deliver to this country.")
    promise.get_by_label("Delivery to").select_option("US")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="View cart").click()

    # A visitor's cart has the totals of the server.
    summary = page.get_by_role("region", name="Summary")
    expect(summary).to_contain_text("$30.99")
    expect(summary).to_contain_text("It is free with $25.00 more of goods.")
    expect(summary).to_contain_text("Standard delivery arrives")

    # What the visitor put into the cart comes along.
    page = buyer.at_checkout()
    delivery = page.get_by_role("region", name="2. Delivery")
    expect(delivery.get_by_role("radio", name=re.compile("Standard delivery"))).to_be_checked()
    expect(page.get_by_role("button", name="Pay $30.99")).to_be_visible()
    delivery.get_by_role("radio", name=re.compile("Express delivery")).check()
    arrives = delivery.get_by_role("radio", name=re.compile("Express")).locator("..").inner_text()
    expect(page.get_by_role("button", name="Pay $39.99")).to_be_visible()
    pay(page)

    order_id = expect_confirmation(page)
    days = re.search(r"Arrives (.+)", arrives)
    assert days
    expect(page.get_by_text(f"Promised for {days[1]}")).to_be_visible()
    order = buyer.shopper.call(f"GET /orders/{order_id}").expect(200).body
    assert (order["delivery"]["method"], order["shipping"]["amount"]) == ("express", 1499)
    assert buyer.charges() == [3999]
    assert f"Express delivery: arrives {days[1]}" in buyer.shopper.mail_about(order_id)


def test_addresses_are_taken_or_refused_as_the_settings_say(buyer: Buyer) -> None:
    buyer.visit.expect_complaint("status of 422.*/api/me/addresses")
    product_id, _ = new_product(buyer.stage)
    buyer.shopper.sign_up()
    buyer.shopper.fill_cart((product_id, 1))
    page = buyer.visit.page("/checkout")
    buyer.sign_in(page)
    with ADDRESSES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number in TYPED:
        row = rows[number]
        form = page.locator("form").filter(has=page.get_by_role("button", name="Use this address"))
        expect(page.get_by_role("button", name=re.compile("Use this address|Another address")).first).to_be_visible()
        if not form.is_visible():
            page.get_by_role("button", name="Another address").click()
        enter(form, row)
        delivery = page.get_by_role("region", name="2. Delivery")
        if row["shop"] == "VALIDATION":
            for field in row["form"].split():
                expect(form.get_by_label(LABELS[field])).to_have_attribute("aria-invalid", "true")
            continue
        # Until it is stored, delivery is that of the address before.
        expect(form).to_be_hidden()
        if row["shop"] == "delivered":
            expect(delivery.get_by_role("radio", name=re.compile("Standard delivery"))).to_be_checked()
        else:
            expect(delivery).to_contain_text("We do not deliver to")
            page.get_by_role("button", name=re.compile("^Pay")).click()
            expect(page.get_by_text("It cannot be delivered yet")).to_be_visible()
    assert buyer.charges() == []


def enter(form: Locator, row: dict[str, str]) -> None:
    form.get_by_label("Country").select_option(row["country"])
    form.get_by_label("Name", exact=True).fill("Ada Lovelace")
    form.get_by_label("Street and number").fill(row["line1"])
    form.get_by_label("Flat, floor, company (optional)").fill(row["line2"])
    for field, label in LABELS.items():
        control = form.get_by_label(label)
        # The form of a country comes from the shop.
        expect(form.get_by_label(re.compile("|".join(kind.pattern for kind in LABELS.values()))).first).to_be_visible()
        if not control.count():
            continue
        if control.evaluate("element => element.tagName") == "SELECT":
            known = control.locator("option").all_inner_texts()
            value = row[field]
            control.select_option(label=value) if value in known else control.select_option(value)
        else:
            control.fill(row[field])
    form.get_by_role("button", name="Use this address").click()


@pytest.mark.parametrize("phone", ["", "(503) 555-0100"])
def test_freight_is_delivered_where_the_carrier_can_call(buyer: Buyer, phone: str) -> None:
    buyer.shopper.sign_up()
    buyer.shopper.fill_cart((FREIGHT, 1))
    without_phone = {name: value for name, value in ADDRESS.items() if name != "phone"}
    buyer.shopper.call("POST /me/addresses", without_phone).expect(201)
    page = buyer.visit.page("/checkout")
    buyer.sign_in(page)
    delivery = page.get_by_role("region", name="2. Delivery")
    expect(delivery).to_contain_text("add a telephone number")
    if not phone:
        page.get_by_role("button", name="Change this address").click()
        page.get_by_label("State").select_option("HI")
        page.get_by_label("ZIP code").fill("96815")
        page.get_by_role("button", name="Use this address").click()
        expect(delivery).to_contain_text("cannot be delivered to this address")
        expect(delivery).to_contain_text("It is about Arched Floor Lamp")
        return
    page.get_by_role("button", name="Change this address").click()
    page.get_by_label("Telephone (optional)").fill(phone)
    page.get_by_role("button", name="Use this address").click()
    expect(delivery.get_by_role("radio", name=re.compile("Standard delivery"))).to_be_checked()
    expect(delivery.get_by_role("radio")).to_have_count(1)

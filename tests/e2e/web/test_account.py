"""An account: made, confirmed, entered again, looked after, and left."""

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Error, Locator, Route, expect

from ecom67.demo.shopper import ADDRESS, CODE, PASSWORD, Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import Buyer, new_product
from tests.e2e.web.conftest import Visits
from tests.e2e.web.visit import PHONE

RESET_CODE = "654321"
"""The code that the emulator's Cognito sends to whoever has forgotten the password."""


@pytest.fixture
def buyer(visits: Visits, stage: Connection) -> Buyer:
    shopper = Shopper(stage)
    shopper.sign_up()
    return Buyer(shopper, visits(), stage)


def test_every_fault_of_the_forms_is_told_at_its_field_and_focused(visits: Visits, stage: Connection) -> None:
    visit = visits(size=PHONE)
    visit.expect_complaint("status of 400")
    page = visit.page("/sign-in?to=/account")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_accessible_description("Enter your e-mail address.")

    page.get_by_label("E-mail address").fill("nobody@ecom67.example")
    page.get_by_label("Password", exact=True).fill("Wrong-password-67")
    page.get_by_role("button", name="Sign in", exact=True).click()
    wrong = page.get_by_role("alert").filter(has_text="The e-mail address or the password is not right.")
    expect(wrong).to_be_visible()

    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail address").fill(Shopper(stage).email)
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_label("New password")).to_be_focused()
    expect(page.get_by_label("New password")).to_have_accessible_description(re.compile("eight characters"))


def test_the_address_that_was_typed_comes_along_to_where_it_is_needed_next(visits: Visits) -> None:
    page = visits(size=PHONE).page("/sign-in?to=/account")
    email = page.get_by_label("E-mail address")
    email.fill("ada@ecom67.example")
    page.get_by_role("link", name="Forgotten your password?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forgotten password")
    expect(email).to_have_value("ada@ecom67.example")

    email.fill("byron@ecom67.example")
    page.get_by_role("link", name="Back to sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(email).to_have_value("byron@ecom67.example")
    page.get_by_role("link", name="Make an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Make an account")
    expect(email).to_have_value("byron@ecom67.example")


def test_another_code_can_be_asked_for_and_a_reload_keeps_the_address(visits: Visits, stage: Connection) -> None:
    visit = visits()
    page = visit.page("/sign-up?to=/account")
    email = Shopper(stage).email
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    page.get_by_role("button", name="Send a new code").click()
    expect(page.get_by_text("A new code is on its way.")).to_be_visible()

    page.reload()
    expect(page.get_by_text(email)).to_be_visible()
    page.get_by_label("Code from the e-mail").fill(CODE)
    page.get_by_role("button", name="Confirm").click()

    # The password is not kept over a reload: it is asked for, and then the way goes on.
    expect(page.get_by_text("Your address is confirmed. Sign in to go on.")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_have_value(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_a_forgotten_password_is_replaced(buyer: Buyer) -> None:
    page = buyer.visit.page("/orders")
    page.get_by_role("link", name="Forgotten your password?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forgotten password")
    page.get_by_label("E-mail address").fill(buyer.shopper.email)
    page.get_by_role("button", name="Send a code").click()
    page.get_by_label("Code from the e-mail").fill(RESET_CODE)
    page.get_by_label("New password").fill("Another-one-67")
    page.get_by_role("button", name="Change the password").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your orders")
    expect(page.get_by_role("heading", name="You have not ordered yet")).to_be_visible()


def test_details_and_addresses_are_kept(buyer: Buyer) -> None:
    buyer.visit.expect_complaint("status of 422.*/api/me")
    page = buyer.visit.page("/account")
    buyer.sign_in(page)
    page.get_by_label("Telephone").fill("123")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Telephone")).to_be_focused()
    page.get_by_label("Telephone").fill("+1 (503) 555-0100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your details are saved.")).to_be_visible()

    for street in ("1 First Street", "2 Second Street"):
        page.get_by_role("button", name="Add an address").click()
        dialog = page.get_by_role("dialog")
        for label, text in {
            "Name": "Ada",
            "Street and number": street,
            "City": "Portland",
            "ZIP code": "97201",
        }.items():
            dialog.get_by_label(label, exact=True).fill(text)
        dialog.get_by_label("State").select_option("OR")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_be_hidden()
        expect(page.get_by_role("button", name=f"Change {street}")).to_be_visible()
    page.get_by_role("button", name="Offer 2 Second Street first").click()
    expect(page.get_by_role("button", name="Offer 1 First Street first")).to_be_visible()
    page.get_by_role("button", name="Remove 1 First Street").click()
    expect(page.get_by_text("1 First Street was removed.")).to_be_visible()

    profile = buyer.shopper.call("GET /me").expect(200).body
    assert profile["phone"] == "+15035550100"
    (address,) = buyer.shopper.call("GET /me/addresses").expect(200).body["items"]
    assert (address["line1"], address["isDefault"]) == ("2 Second Street", True)


def test_all_that_is_stored_can_be_downloaded_and_the_account_deleted(buyer: Buyer, tmp_path: Path) -> None:
    buyer.shopper.call("POST /me/addresses", ADDRESS).expect(201)
    page = buyer.visit.page("/account")
    buyer.sign_in(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my data").click()
    download.value.save_as(tmp_path / "data.json")
    data = json.loads((tmp_path / "data.json").read_text())
    assert data["profile"]["email"] == buyer.shopper.email
    assert [address["line1"] for address in data["addresses"]] == [ADDRESS["line1"]]

    page.get_by_role("button", name="Delete my account").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete my account").click()
    expect(dialog.get_by_label("Type “delete” to go on")).to_be_focused()
    dialog.get_by_label("Type “delete” to go on").fill("Delete")
    dialog.get_by_role("button", name="Delete my account").click()

    expect(page.get_by_text("Your account is deleted.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    buyer.shopper.call("GET /me").expect(410, "ACCOUNT_ERASED")


def test_an_account_with_an_unsent_order_is_deleted_with_its_order_or_later(visits: Visits, stage: Connection) -> None:
    shopper = Shopper(stage)
    shopper.sign_up()
    buyer = Buyer(shopper, visits(size=PHONE), stage)
    buyer.visit.expect_complaint("status of 409.*/api/me")
    product_id, _ = new_product(stage)
    total = shopper.fill_cart((product_id, 1))["total"]
    order_id = shopper.buy("pm_card_visa", total).expect(201).body["orderId"]
    number = shopper.order(order_id)["orderNumber"]
    page = buyer.visit.page("/account")
    buyer.sign_in(page)

    def ask_to_delete() -> Locator:
        page.get_by_role("button", name="Delete my account").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Type “delete” to go on").fill("delete")
        dialog.get_by_role("button", name="Delete my account").click()
        expect(dialog.get_by_text("You have an order that is paid and not sent yet.")).to_be_focused()
        expect(dialog.get_by_role("link", name=f"Order {number}")).to_have_attribute("href", f"/orders/{order_id}")
        return dialog

    ask_to_delete().get_by_role("button", name="Keep my account until delivery").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert shopper.order(order_id)["status"] == "PROCESSING"

    ask_to_delete().get_by_role("button", name="Cancel the order and delete").click()

    expect(
        page.get_by_text("Your account is deleted. The money of your cancelled orders is on its way back.")
    ).to_be_visible()
    shopper.call("GET /orders").expect(410, "ACCOUNT_ERASED")
    staff = stage.token("staff@ecom67.example", staff=True)

    def refunded() -> dict[str, Any] | None:
        order = shopper.call(f"GET /orders/{order_id}", token=staff).expect(200).body
        return order if order["status"] == "REFUNDED" and "shippingAddress" not in order else None

    eventually("the order is cancelled, refunded and without its address", refunded)


def test_a_parcel_is_followed_at_its_carrier(buyer: Buyer) -> None:
    product_id, _ = new_product(buyer.stage)
    total = buyer.shopper.fill_cart((product_id, 1))["total"]
    order_id = buyer.shopper.buy("pm_card_visa", total).expect(201).body["orderId"]
    buyer.shopper.order(order_id)
    shipment = {"carrier": "UPS", "trackingNumber": "1Z 999 AA1"}
    staff = buyer.stage.token(STAFF, staff=True)
    buyer.shopper.call(f"POST /orders/{order_id}/ship", shipment, token=staff).expect(202)
    page = buyer.visit.page(f"/orders/{order_id}")
    buyer.sign_in(page)

    link = page.get_by_role("link", name="1Z 999 AA1 (follow the parcel at UPS)")
    expect(link).to_have_attribute("href", "https://www.ups.com/track?tracknum=1Z999AA1")


def test_to_sign_out_ends_the_session_in_all_tabs(buyer: Buyer) -> None:
    page = buyer.visit.page("/account")
    buyer.sign_in(page)
    other = buyer.visit.page("/orders")
    expect(other.get_by_role("heading", name="You have not ordered yet")).to_be_visible()

    page.get_by_role("button", name="Sign out on all devices").click()

    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(other.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_visitors_cart_comes_along_and_what_cannot_is_named(buyer: Buyer) -> None:
    kept, kept_name = new_product(buyer.stage)
    gone, gone_name = new_product(buyer.stage, stock=1)
    page = buyer.visit.page(f"/p/{kept}")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("link", name=re.compile("Cart.* 1 item"))).to_be_visible()
    page.goto(f"/p/{gone}")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("link", name=re.compile("Cart.* 2 items"))).to_be_visible()
    eve = Shopper(buyer.stage)
    eve.sign_up()
    eve.buy("pm_card_visa", eve.fill_cart((gone, 1))["total"]).expect(201)
    buyer.shopper.fill_cart((kept, 1))
    merges_without(buyer.stage, gone)

    # The cart of before the merge is read, but its answer comes late.
    late: list[tuple[Route, APIResponse]] = []

    def delay(route: Route) -> None:
        if route.request.method == "GET":
            late.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/api/cart", delay)
    page.goto("/sign-in?to=/cart")
    buyer.sign_in(page)

    expect(page.get_by_text(f"Not taken over into your cart, because it cannot be had: {gone_name}.")).to_be_visible()
    for route, answer in late:
        with contextlib.suppress(Error):
            route.fulfill(response=answer)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("textbox", name=f"Quantity of {kept_name}")).to_have_value("2")


def merges_without(stage: Connection, product_id: str) -> None:
    """Wait until the carts know that a product is sold out."""
    somebody = Shopper(stage)
    somebody.sign_up()
    line = {"productId": product_id, "quantity": 1}
    eventually(
        f"the carts know that {product_id} is sold out",
        lambda: True if somebody.call("POST /cart", line).status == 409 else None,
    )


def test_who_is_invited_chooses_a_password_at_the_first_sign_in(visits: Visits, stage: Connection) -> None:
    email, invited = Shopper(stage).email, "Invited-for-67"
    stage.client("cognito-idp").admin_create_user(
        UserPoolId=stage.published()["identity/user-pool-id"],
        Username=email,
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        TemporaryPassword=invited,
        MessageAction="SUPPRESS",
    )
    visit = visits(size=PHONE)
    page = visit.page("/sign-in?to=/account")

    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(invited)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a password")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page).to_have_url(re.compile("/account$"))

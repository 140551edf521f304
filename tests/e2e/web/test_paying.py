"""Paying, when not everything goes well: nobody pays twice, nothing is lost, and every end is told."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from ecom67.demo.shopper import ADDRESS, Shopper, eventually
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import (
    DECLINED,
    THREE_D_SECURE,
    VISA,
    Buyer,
    change_price,
    expect_confirmation,
    new_product,
    new_products,
    pay,
)
from tests.e2e.web.conftest import Visits
from tests.e2e.web.test_accessibility import faults
from tests.e2e.web.visit import DESK, PHONE

ORDERS = re.compile(r"/api/orders$")
REFUSED = r"status of (402|409|422|503).*/api/orders"
NOT_THERE_YET = "status of 404.*/api/orders/"


@pytest.fixture
def buyer(visits: Visits, stage: Connection) -> Buyer:
    visit = visits()
    visit.expect_complaint(NOT_THERE_YET)
    visit.expect_complaint(REFUSED)
    return Buyer(Shopper(stage), visit, stage)


def keys_of_orders(page: Page) -> list[str]:
    """Return the Idempotency-Keys under which orders are asked for from now on, as they come."""
    keys: list[str] = []

    def note(method: str, url: str, key: str | None) -> None:
        if method == "POST" and ORDERS.search(url):
            keys.append(key or "none")

    page.on("request", lambda request: note(request.method, request.url, request.headers.get("idempotency-key")))
    return keys


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_long_cart_is_collapsed_and_the_button_to_pay_stays_in_reach(
    visits: Visits, stage: Connection, size: tuple[int, int]
) -> None:
    visit = visits(size=size)
    visit.expect_complaint(NOT_THERE_YET)
    buyer = Buyer(Shopper(stage), visit, stage)
    products = new_products(stage, 28)
    page = buyer.at_checkout(*((product_id, 1) for product_id in products))
    review = page.get_by_role("region", name="4. Your order")
    button = page.get_by_role("button", name=re.compile("^Pay"))
    expect(button).to_be_in_viewport(ratio=1)
    expect(review.get_by_role("listitem")).to_have_count(3)

    review.get_by_role("button", name="Show all 28 products").press("Enter")

    expect(review.get_by_role("listitem")).to_have_count(28)
    for line in (0, 10, 27):
        review.get_by_role("listitem").nth(line).scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=1)
    # What the keyboard reaches is not behind the button.
    link = review.get_by_role("link", name="Change the cart")
    link.focus()
    expect(link).to_be_in_viewport(ratio=1)
    place, bar = link.bounding_box(), button.bounding_box()
    assert place
    assert bar
    assert place["y"] + place["height"] <= bar["y"]
    review.get_by_role("button", name="Show fewer").press("Enter")
    expect(review.get_by_role("listitem")).to_have_count(3)
    assert faults(page) == []
    pay(page)

    expect_confirmation(page)


def test_what_is_lacking_is_told_until_it_is_there(buyer: Buyer) -> None:
    product_id, _ = new_product(buyer.stage)
    buyer.shopper.sign_up()
    buyer.shopper.fill_cart((product_id, 1))
    page = buyer.visit.page("/checkout")
    buyer.sign_in(page)
    expect(page.get_by_text("Test mode.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Pay")).click()
    notice = page.get_by_role("alert").filter(has_text="Say first where the parcel goes")
    expect(notice).to_be_visible()

    page.get_by_role("button", name="Use this address").click()
    name = page.get_by_label("Street and number")
    expect(name).to_have_accessible_description("Enter street and number.")
    name.fill("12 Harbour Street")
    expect(name).to_have_accessible_description("")
    page.get_by_label("Name", exact=True).fill("Ada Lovelace")
    page.get_by_label("City").fill("Portland")
    page.get_by_label("State").select_option("OR")
    page.get_by_label("ZIP code").fill("97201")
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_role("radio", name=re.compile("Harbour Street"))).to_be_checked()
    expect(notice).to_be_hidden()
    pay(page)

    expect_confirmation(page)


def test_a_declined_card_is_told_and_another_one_pays(buyer: Buyer) -> None:
    product_id, _ = new_product(buyer.stage)
    page = buyer.at_checkout((product_id, 1))
    keys = keys_of_orders(page)
    pay(page, DECLINED)
    notice = page.get_by_role("alert").filter(has_text="The payment was declined")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text("pay with another card")

    pay(page, VISA)

    expect_confirmation(page)
    assert len(set(keys)) == 2
    assert buyer.charges() == [3099]


def test_the_bank_is_asked_and_a_refusal_there_is_told(buyer: Buyer) -> None:
    product_id, _ = new_product(buyer.stage)
    page = buyer.at_checkout((product_id, 1))
    pay(page, THREE_D_SECURE)
    bank = page.get_by_role("dialog", name="Test bank")
    expect(bank).to_be_visible()
    bank.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("alert").filter(has_text="The payment was declined")).to_be_focused()
    assert buyer.charges() == []

    pay(page, THREE_D_SECURE)
    expect(bank).to_be_visible()
    # A reload at the bank loses nothing.
    page.reload()
    expect(bank).to_be_visible()
    bank.get_by_role("button", name="Approve").click()

    expect_confirmation(page)
    assert buyer.charges() == [3099]


def test_what_sold_out_meanwhile_is_named_and_what_is_left_can_be_bought(buyer: Buyer) -> None:
    product_id, name = new_product(buyer.stage, stock=3)
    page = buyer.at_checkout((product_id, 3))
    eve = Shopper(buyer.stage)
    eve.sign_up()
    eve.buy("pm_card_visa", eve.fill_cart((product_id, 1))["total"]).expect(201)
    pay(page)
    notice = page.get_by_role("alert").filter(has_text="Somebody was faster")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text(f"{name}: only 2 left, you want 3")

    notice.get_by_role("button", name="Take what is left").click()
    expect(notice).to_be_hidden()
    expect(page.get_by_text("2 pieces")).to_be_visible()
    pay(page)

    expect_confirmation(page)
    assert len(buyer.charges()) == 1


def test_a_changed_price_is_shown_and_accepted_or_not(buyer: Buyer) -> None:
    product_id, name = new_product(buyer.stage, price=2500)
    page = buyer.at_checkout((product_id, 1))
    change_price(buyer.stage, product_id, 3000, buyer.shopper)
    pay(page)
    notice = page.get_by_role("alert").filter(has_text="The price has changed")
    expect(notice).to_be_focused()
    expect(notice.get_by_role("row", name=name)).to_contain_text("$25.00$30.00")
    notice.get_by_role("button", name="Do not buy yet").click()
    expect(notice).to_be_hidden()
    assert buyer.charges() == []

    change_price(buyer.stage, product_id, 3500, buyer.shopper)
    pay(page)
    notice.get_by_role("button", name="Pay $40.99").click()

    expect_confirmation(page)
    assert buyer.charges() == [4099]


def test_a_reload_in_the_middle_of_paying_buys_once(buyer: Buyer) -> None:
    product_id, _ = new_product(buyer.stage)
    page = buyer.at_checkout((product_id, 1))
    keys = keys_of_orders(page)
    done: list[str] = []

    def answer_is_lost(route: Route) -> None:
        if done:
            route.continue_()
        else:
            done.append(route.fetch().text())

    page.route(ORDERS, answer_is_lost)
    page.get_by_role("button", name=re.compile("^Pay")).dblclick()
    expect(page.get_by_text("Placing your order…")).to_be_visible()
    # To ask the page for its title lets Playwright call the route's handler meanwhile.
    eventually("the shop has placed the order", lambda: True if page.title() and done else None)
    page.reload()

    expect_confirmation(page)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert buyer.charges() == [3099]


def test_an_unknown_end_is_asked_for_again_with_the_same_key(buyer: Buyer) -> None:
    product_id, _ = new_product(buyer.stage)
    page = buyer.at_checkout((product_id, 1))
    keys = keys_of_orders(page)
    problem = {"type": "urn:x", "title": "Unresolved", "status": 503, "code": "CHECKOUT_UNRESOLVED", "detail": "Later."}
    answers = [
        {"status": 503, "json": problem},
        {"status": 409, "json": {**problem, "status": 409, "code": "IN_PROGRESS"}},
    ]
    page.route(ORDERS, lambda route: route.fulfill(**answers.pop(0)) if answers else route.continue_())
    pay(page)
    expect(page.get_by_text("Still placing your order…")).to_be_visible()

    expect_confirmation(page)
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert buyer.charges() == [3099]


def test_two_tabs_buy_once(buyer: Buyer) -> None:
    product_id, _ = new_product(buyer.stage)
    page = buyer.at_checkout((product_id, 1))
    other = buyer.visit.page("/checkout")
    expect(other.get_by_role("button", name=re.compile("^Pay"))).to_be_visible()
    pay(page)

    # The other tab goes on with the same attempt.
    first, second = expect_confirmation(page), expect_confirmation(other)
    assert first == second
    assert buyer.charges() == [3099]


def test_a_session_that_ends_while_paying_goes_on_after_signing_in(buyer: Buyer) -> None:
    buyer.visit.expect_complaint("status of 40[01]")
    product_id, _ = new_product(buyer.stage)
    page = buyer.at_checkout((product_id, 1))
    keys = keys_of_orders(page)
    page.route(re.compile("/api/"), lambda route: route.fulfill(status=401, json={"message": "Unauthorized"}))
    page.route(
        f"{buyer.stage.endpoint_url}/",
        lambda route: route.fulfill(status=400, json={"__type": "NotAuthorizedException", "message": "Revoked."}),
    )
    pay(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.unroute_all()
    buyer.sign_in(page)

    expect_confirmation(page)
    assert len(set(keys)) == 1
    assert buyer.charges() == [3099]


def test_who_is_offline_pays_once_they_are_back(buyer: Buyer) -> None:
    buyer.visit.expect_complaint("ERR_INTERNET_DISCONNECTED")
    product_id, _ = new_product(buyer.stage)
    page = buyer.at_checkout((product_id, 1))
    buyer.visit.context.set_offline(True)
    pay(page)
    expect(page.get_by_text("You are charged once at the most.")).to_be_visible()
    assert buyer.charges() == []

    buyer.visit.context.set_offline(False)

    expect_confirmation(page)
    assert buyer.charges() == [3099]


STRIPE = """
window.Stripe = key => ({
  _registerWrapper() {}, registerAppInfo() {},
  elements: options => {
    window.elementsOptions = options;
    return {
      create: () => {
        const listeners = {};
        const element = {
          mount: node => {
            node.innerHTML = '<label>Card number <input></label>';
            setTimeout(() => listeners.ready && listeners.ready({elementType: 'payment'}));
          },
          on: (name, listener) => { listeners[name] = listener; return element; },
          once: (name, listener) => element.on(name, listener),
          off: () => element, update: () => element, unmount() {}, destroy() {},
        };
        return element;
      },
      getElement: () => null, update() {},
      submit: async () => ({}),
    };
  },
  createToken() {}, confirmCardPayment() {},
  createPaymentMethod: async () => window.cardNumber === ''
    ? {error: {message: 'Your card number is incomplete.'}}
    : {paymentMethod: {id: 'pm_card_threeDSecure2Required'}},
  handleNextAction: async ({clientSecret}) => {
    window.approved = clientSecret;
    await fetch('/_3ds/' + clientSecret.split('_secret_')[0], {method: 'POST', body: '{"outcome": "complete"}'});
    return {};
  },
});
"""


def test_stripes_own_form_takes_the_card_and_the_server_confirms(visits: Visits, stage: Connection) -> None:
    visit = visits(size=PHONE)
    visit.expect_complaint(NOT_THERE_YET)
    visit.context.route(
        "https://js.stripe.com/**", lambda route: route.fulfill(content_type="text/javascript", body=STRIPE)
    )

    def with_key(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "stripePublishableKey": "pk_test_placeholder"})

    visit.context.route("**/config.json", with_key)
    buyer = Buyer(Shopper(stage), visit, stage)
    product_id, _ = new_product(stage)
    buyer.shopper.sign_up()
    buyer.shopper.fill_cart((product_id, 1))
    buyer.shopper.call("POST /me/addresses", ADDRESS).expect(201)
    page = visit.page("/checkout")
    buyer.sign_in(page)
    expect(page.get_by_label("Card number")).to_be_visible()
    expect(page.get_by_text("Test mode")).to_be_hidden()
    options = page.evaluate("({...elementsOptions, appearance: 0})")
    assert (options["mode"], options["amount"], options["currency"]) == ("payment", 3099, "usd")
    assert options["paymentMethodCreation"] == "manual"
    button = page.get_by_role("button", name=re.compile("^Pay"))

    page.evaluate("window.cardNumber = ''")
    button.click()
    expect(page.get_by_text("Your card number is incomplete.")).to_be_visible()
    page.evaluate("window.cardNumber = '4242'")
    button.click()

    expect_confirmation(page)
    assert str(page.evaluate("approved")).startswith("pi_")
    assert buyer.charges() == [3099]

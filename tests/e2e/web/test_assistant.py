"""The assistant beside the shop: what it finds, what it may do to the cart, what it tells, and what goes wrong."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from ecom67.demo.shopper import ADDRESS, Shopper
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from schemas.order_number import order_number
from tests.e2e.web.buyer import Buyer, expect_confirmation, pay
from tests.e2e.web.conftest import Visits
from tests.e2e.web.test_accessibility import faults
from tests.e2e.web.visit import DESK, PHONE

LIMIT = 90


def opened(page: Page) -> Locator:
    page.get_by_role("button", name="Ask the assistant").click()
    assistant = page.get_by_role("dialog", name="Assistant")
    expect(assistant).to_be_visible()
    return assistant


def ask(assistant: Locator, question: str) -> None:
    field = assistant.get_by_label("Your question")
    field.fill(question)
    field.press("Enter")


def expect_end(assistant: Locator) -> None:
    expect(assistant.get_by_role("button", name="Send")).to_be_visible()


def test_from_a_gift_that_is_found_to_its_order_that_ships(visits: Visits, stage: Connection) -> None:
    visit = visits(size=DESK)
    visit.expect_complaint("status of 404.*/api/orders/")
    buyer = Buyer(Shopper(stage), visit, stage)
    buyer.shopper.sign_up()
    buyer.shopper.call("POST /me/addresses", {**ADDRESS, "isDefault": True}).expect(201)
    page = visit.page("/sign-in")
    buyer.sign_in(page)
    expect(page.get_by_role("navigation", name="Your things").get_by_role("link", name="Account")).to_be_visible()

    # A gift under a price: cards at the prices of the shop
    assistant = opened(page)
    ask(assistant, f"I'm looking for something for the kitchen under ${LIMIT}")
    cards = assistant.get_by_role("list", name="Products").get_by_role("listitem")
    expect(cards.first).to_be_visible()
    expect_end(assistant)
    for card in cards.all():
        price = re.search(r"\$([\d.]+)", card.inner_text())
        assert price
        assert float(price[1]) <= LIMIT
    name = cards.first.get_by_role("link").first.inner_text()

    # A proposal: the cart changes by the button alone, and shows it at once
    ask(assistant, f"Add two {name} to my cart")
    proposal = assistant.get_by_role("group", name=re.compile(re.escape(name)))
    expect(proposal).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Cart, 0 items"))).to_be_visible()
    proposal.get_by_role("button", name="Add to cart").click()
    expect(proposal.get_by_text("Your cart has changed.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Cart, 2 items"))).to_be_visible()
    proposal.get_by_role("link", name="View cart").click()
    expect(page.locator("main").get_by_role("link", name=name)).to_be_visible()

    # It is ordered, which the assistant hears also while it is closed
    assistant.get_by_role("button", name="Close the assistant").click()
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_role("radio", name=re.compile("Harbour Street"))).to_be_checked()
    pay(page)
    order_id = expect_confirmation(page)
    log = opened(page).get_by_role("log")
    expect(log.get_by_text(re.compile(f"Your order {order_number(order_id)} .*is placed"))).to_be_visible()

    # After a reload what was said is there again. When the order ships the assistant tells it, and its page changes
    # (A page whose order moved longer ago asks no more by itself, so what it shows then comes by the event.)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=11))
    page.goto(f"/orders/{order_id}")
    expect(page.get_by_text("Being prepared")).to_be_visible()
    assistant = opened(page)
    expect(assistant.get_by_text(f"Add two {name} to my cart")).to_be_visible()
    shipped = {"carrier": "Northline", "trackingNumber": "NL-4711"}
    staff = stage.token(STAFF, staff=True)
    buyer.shopper.call(f"POST /orders/{order_id}/ship", shipped, token=staff).expect(202)

    expect(assistant.get_by_role("log").get_by_text(re.compile("has shipped with Northline"))).to_be_visible()
    expect(assistant.get_by_role("status").get_by_text(re.compile("has shipped with Northline"))).to_be_attached()
    expect(page.locator("main").get_by_text("On its way", exact=True)).to_be_visible()


def test_what_goes_wrong_is_told_and_the_conversation_goes_on(visits: Visits) -> None:
    assistant = opened(visits(size=PHONE).page())
    ask(assistant, "What does shipping to Canada cost? demo:throttled")
    expect(assistant.get_by_role("button", name="Ask again")).to_be_visible()

    ask(assistant, "What does shipping to Canada cost? demo:broken")
    expect(assistant.get_by_role("log").get_by_text(re.compile("broke off"))).to_be_visible()
    # Only the newest can be asked again.
    expect(assistant.get_by_role("button", name="Ask again")).to_have_count(1)

    ask(assistant, "How long do I have to return something?")
    expect(assistant.get_by_role("log").get_by_text(re.compile("within 30 days"))).to_be_visible()
    expect(assistant.get_by_role("link", name="Returning something")).to_be_visible()
    expect_end(assistant)
    # It is announced as a whole.
    expect(assistant.get_by_role("status").get_by_text(re.compile("within 30 days"))).to_be_attached()


def test_an_answer_can_be_stopped_and_the_next_question_is_answered(visits: Visits) -> None:
    assistant = opened(visits().page())
    ask(assistant, "How long do I have to return something? demo:slow")
    button = assistant.get_by_role("button", name="Stop the answer")
    expect(assistant.get_by_role("log").get_by_text(re.compile("^You can"))).to_be_visible()
    button.click()
    expect(assistant.get_by_text("You stopped this answer.")).to_be_visible()

    ask(assistant, "How long does delivery take?")
    expect(assistant.get_by_role("log").get_by_text(re.compile("working days"))).to_be_visible()


def test_what_a_visitor_asked_is_there_again_after_a_reload(visits: Visits) -> None:
    page = visits().page()
    assistant = opened(page)
    ask(assistant, "How long does delivery take?")
    expect(assistant.get_by_role("log").get_by_text(re.compile("working days"))).to_be_visible()
    expect_end(assistant)

    page.reload()
    log = opened(page).get_by_role("log")
    expect(log.get_by_text("How long does delivery take?")).to_be_visible()
    expect(log.get_by_text(re.compile("working days"))).to_be_visible()


def test_a_connection_that_is_cut_comes_back_and_the_question_can_be_asked_again(visits: Visits) -> None:
    visit = visits()
    routes: list[WebSocketRoute] = []

    def join(route: WebSocketRoute) -> None:
        # The first connection is open, and answers nothing.
        if routes:
            route.connect_to_server()
        routes.append(route)

    visit.context.route_web_socket(re.compile("/ws"), join)
    assistant = opened(visit.page())
    ask(assistant, "How long do I have to return something?")
    expect(assistant.get_by_role("button", name="Stop the answer")).to_be_visible()
    routes[0].close(code=1001)

    again = assistant.get_by_role("button", name="Ask again")
    expect(assistant.get_by_role("log").get_by_text(re.compile("connection was lost"))).to_be_visible()
    again.click()
    expect(assistant.get_by_role("log").get_by_text(re.compile("within 30 days"))).to_be_visible()


def test_nothing_connects_before_it_is_opened_and_the_focus_comes_back_when_it_is_closed(visits: Visits) -> None:
    page = visits(size=PHONE).page()
    sockets: list[Any] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    launcher = page.get_by_role("button", name="Ask the assistant")
    expect(launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert sockets == []

    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Assistant")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Assistant")).to_be_hidden()
    expect(launcher).to_be_focused()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_axe_finds_nothing_serious_in_a_conversation(visits: Visits, size: tuple[int, int], scheme: str) -> None:
    page = visits(size=size, scheme=scheme).page()
    assistant = opened(page)
    assert faults(page) == []
    ask(assistant, "Something for the kitchen under $90")
    expect(assistant.get_by_role("list", name="Products")).to_be_visible()
    expect_end(assistant)

    assert faults(page) == []


def test_the_address_of_the_connection_has_a_ticket_and_no_token(visits: Visits, stage: Connection) -> None:
    buyer = Buyer(Shopper(stage), visits(size=DESK), stage)
    buyer.shopper.sign_up()
    page = buyer.visit.page("/sign-in")
    addresses: list[str] = []
    page.on("websocket", lambda socket: addresses.append(socket.url))
    buyer.sign_in(page)
    expect(page.get_by_role("navigation", name="Your things").get_by_role("link", name="Account")).to_be_visible()
    assistant = opened(page)
    ask(assistant, "Where is my order?")
    expect_end(assistant)

    assert re.fullmatch(r"ws://[^?]+/ws\?ticket=[\w-]{20,63}", addresses[-1])
    assert not [address for address in addresses if "token" in address]

"""What staff does for a customer, and for the shop itself: erasure with open orders, and events that are stuck."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import expect

from ecom67.demo.journal import deployed
from ecom67.demo.shopper import Shopper, eventually
from ecom67.events.journal import StageJournal
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.e2e.events.operating import bought, ecom67, signed_up
from tests.e2e.web.buyer import new_product
from tests.e2e.web.conftest import Visits
from tests.e2e.web.console import TABLET, enter
from tests.e2e.web.test_accessibility import faults


def ordered(stage: Connection) -> tuple[Shopper, str, str]:
    """Return a new shopper, their order, and its number."""
    shopper = signed_up(stage)
    order_id = str(bought(shopper, new_product(stage)[0]).body["orderId"])
    return shopper, order_id, shopper.order(order_id)["orderNumber"]


def test_a_customer_with_an_unsent_order_is_erased_after_one_more_question(visits: Visits, stage: Connection) -> None:
    shopper, order_id, number = ordered(stage)
    visit = visits(size=TABLET)
    visit.expect_complaint("status of 409.*/api/staff/customers/")
    page = enter(visit, "/staff/customers")
    page.keyboard.press("/")
    page.keyboard.type(shopper.email[:12])
    page.get_by_role("link", name=shopper.email).click()
    expect(page.get_by_role("table", name="Newest orders").get_by_role("link", name=number)).to_be_visible()

    def ask_to_erase() -> None:
        page.get_by_role("button", name="Erase this customer").click()
        page.get_by_role("button", name="Erase for good").click()
        question = page.get_by_role("dialog", name="An order is not sent yet")
        expect(question).to_contain_text(f"Order {number} is paid.")
        assert faults(page) == []

    ask_to_erase()
    page.get_by_role("button", name="Keep it as it is").click()
    assert shopper.order(order_id)["status"] == "PROCESSING"
    ask_to_erase()
    page.get_by_role("button", name="Cancel it and erase").dblclick()

    expect(page.get_by_text("The customer is erased.")).to_have_count(1)
    expect(page.get_by_role("heading", name="Erased customer")).to_be_visible()
    expect(page.get_by_text("You erased them")).to_be_visible()
    expect(page.get_by_role("button", name="Erase this customer")).to_have_count(0)
    assert shopper.email not in page.locator("body").inner_text()
    staff = stage.token(STAFF, staff=True)

    def forgotten() -> bool | None:
        order = shopper.call(f"GET /orders/{order_id}", token=staff).expect(200).body
        return True if order["status"] == "REFUNDED" and "shippingAddress" not in order else None

    eventually("the order is cancelled, refunded and without its address", forgotten)


def test_a_dead_letter_is_found_from_its_order_and_sent_again(visits: Visits, stage: Connection) -> None:
    _, order_id, _ = ordered(stage)
    eventually("the journal has the mail", lambda: journalled(stage, order_id, "NotificationSent"))
    placed = journalled(stage, order_id, "OrderPlaced")
    assert placed
    send(stage, "cart-events-dlq", placed)
    with quarantined(stage, placed):
        page = enter(visits(size=TABLET, scheme="dark"), "/staff/events")
        row = page.get_by_role("table", name="Messages in quarantine").get_by_role("row").filter(has_text="cart").first
        expect(row).to_contain_text("OrderPlaced")
        expect(row).to_contain_text("data.lines")
        letters = page.get_by_role("region", name="cart-events-dlq")
        letter = letters.locator(f'a[href$="/events/{order_id}"]')
        expect(letter).to_be_visible()
        assert faults(page) == []

        letter.click()
        expect(page.get_by_text("1 stuck")).to_be_visible()
        entry = page.get_by_role("listitem").filter(has_text="OrderPlaced").last
        expect(entry).to_contain_text("dead letter in cart-events-dlq")
        # What it has caused is drawn below it.
        expect(entry.get_by_role("listitem").filter(has_text="NotificationSent")).to_be_visible()
        assert faults(page) == []

        page.get_by_role("link", name="Events", exact=True).last.click()
        letters.get_by_role("button", name="Send again").click()
        page.get_by_role("dialog").get_by_role("button", name="Send again").dblclick()
        expect(page.get_by_text(re.compile(r"\d sent again\."))).to_have_count(1)
        expect(letters).to_have_count(0)
        page.goto(f"/staff/events/{order_id}")
        expect(page.get_by_text("Nothing is stuck")).to_be_visible()


@contextmanager
def quarantined(stage: Connection, event: dict[str, Any]) -> Iterator[None]:
    """Have the cart put an event that it cannot read into quarantine, and discard it in the end."""
    detail = json.loads(json.dumps(event["detail"]))
    detail["data"]["lines"] = 5
    detail["metadata"]["eventId"] = "0" * 8 + detail["metadata"]["eventId"][8:]
    send(stage, "cart-events", {**event, "detail": detail})

    def entry() -> str | None:
        listed = ecom67(stage, "events", "quarantine", "list", "--json").json()
        return next((each["quarantineId"] for each in listed if each["eventId"] == detail["metadata"]["eventId"]), None)

    quarantine_id = eventually("it is in quarantine", entry)
    try:
        yield
    finally:
        ecom67(stage, "events", "quarantine", "discard", quarantine_id, "--yes")


def journalled(stage: Connection, order_id: str, detail_type: str) -> dict[str, Any] | None:
    """Return an event of the requests about an order as EventBridge delivered it, once the journal has it."""
    journal = StageJournal(deployed(stage))
    requests = {event.correlation_id for event in journal.of_order(order_id)}
    events = (event for request in requests for event in journal.of_request(request))
    return next((event.message() for event in events if event.detail_type == detail_type), None)


def send(stage: Connection, queue: str, message: dict[str, Any]) -> None:
    sqs = stage.client("sqs")
    url = sqs.get_queue_url(QueueName=f"ecom67-local-{queue}")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(message))

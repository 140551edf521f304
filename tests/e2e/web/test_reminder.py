"""A shopper who agreed to it is reminded of a cart, once, and ends that by the link of the mail."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from bus.attribute_values import to_item
from ecom67.demo.shopper import Shopper
from ecom67.local.connection import Connection
from services.cart.cart_items import HEADER, to_milliseconds
from services.cart.domain import ABANDONED_AFTER
from tests.e2e.web.buyer import new_product
from tests.e2e.web.conftest import Visits
from tests.e2e.web.test_accessibility import faults
from tests.e2e.web.visit import PHONE


def test_the_link_of_a_reminder_ends_reminders_once_and_for_all(visits: Visits, stage: Connection) -> None:
    ada = Shopper(stage)
    ada.sign_up()
    product_id, name = new_product(stage)
    assert ada.call("PUT /me/consents", {"cartReminders": True}).expect(200).body["cartReminders"]
    ada.fill_cart((product_id, 1))
    leave_the_cart_alone(ada, stage)
    remind(stage)
    mail = ada.mail_with("/unsubscribe/")
    assert name in mail
    link = re.search(r"/unsubscribe/[\w-]+", mail)
    assert link

    page = visits(size=PHONE).page(link[0])
    expect(page.get_by_role("heading", name="You get no more reminders")).to_be_visible()
    assert faults(page) == []
    assert ada.call("GET /me").expect(200).body["cartReminders"] is False

    # Opened again, also after the shopper has changed their mind meanwhile, it says the same and does the same.
    page.reload()
    expect(page.get_by_role("heading", name="You get no more reminders")).to_be_visible()
    ada.call("PUT /me/consents", {"cartReminders": True}).expect(200)
    page.reload()
    expect(page.get_by_role("heading", name="You get no more reminders")).to_be_visible()
    assert ada.call("GET /me").expect(200).body["cartReminders"] is False


def leave_the_cart_alone(shopper: Shopper, stage: Connection) -> None:
    """Make the last change of a cart so old that the cart counts as abandoned."""
    user_id = shopper.call("GET /me").expect(200).body["userId"]
    stage.client("dynamodb").update_item(
        TableName="ecom67-local-Cart",
        Key=to_item({"userId": user_id, "productId": HEADER}),
        UpdateExpression="SET touchedAt = :then",
        ConditionExpression="attribute_exists(touchedAt)",
        ExpressionAttributeValues=to_item({":then": to_milliseconds(datetime.now(UTC) - ABANDONED_AFTER)}),
    )


def remind(stage: Connection) -> None:
    """Run the timer that looks for abandoned carts."""
    answer = stage.client("lambda").invoke(FunctionName="ecom67-local-cart-abandonment", Payload="{}")
    assert "FunctionError" not in answer, answer["Payload"].read()

"""An export has all that the shop stores of a person, whichever table it is in."""

import json
from collections.abc import Iterator
from typing import Any

from bus.attribute_values import from_item
from ecom67.demo.shopper import ADDRESS, Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.e2e.chat.talking import talk
from tests.personal_data import EXPORTED, NOT_EXPORTED

PREFIX = "ecom67-local-"
IDENTIFIERS = ("orderId", "proposalId", "connectionId", "notificationId", "text")
"""Attributes whose values show that an item is in the export."""


def test_whatever_holds_the_id_of_a_person_is_in_their_export(stage: Connection) -> None:
    shopper = Shopper(stage)
    shopper.sign_up()
    assert shopper.token is not None
    user_id = shopper.call("GET /me").expect(200).body["userId"]
    shopper.call("POST /me/addresses", ADDRESS).expect(201)
    lamp = shopper.find_product("lighting", at_least=10)
    cart = shopper.fill_cart((lamp["productId"], 1))
    shopper.buy("pm_card_visa_chargeDeclined", cart["total"]).expect(402)
    order_id = shopper.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]
    shopper.mail_about(order_id)
    send_and_return(stage, shopper, order_id)
    shopper.fill_cart((lamp["productId"], 2))
    with talk(stage, shopper.token) as ada:
        assert ada.ask(f"Add two {lamp['name']} to my cart").of("proposal")
        found = list(items_with(stage, user_id))
        export = shopper.call("GET /me/export").expect(200).body

    holding = {table for table, _ in found}
    assert holding <= EXPORTED.keys() | NOT_EXPORTED.keys()
    # All of them: otherwise this test would look for too little.
    assert EXPORTED.keys() <= holding
    shown = json.dumps(export)
    for table, item in found:
        if table in EXPORTED:
            for name in IDENTIFIERS:
                if name in item and not str(item[name]).startswith("cart#"):
                    assert json.dumps(item[name])[1:-1] in shown, (table, name)


def send_and_return(stage: Connection, shopper: Shopper, order_id: str) -> None:
    """Have an order sent, which is invoiced then, and withdraw from it; return once both are recorded."""
    parcel = {"carrier": "UPS", "trackingNumber": "1Z999"}
    staff = stage.token(STAFF, staff=True)
    shopper.call(f"POST /orders/{order_id}/ship", parcel, token=staff).expect(202)
    stated = shopper.call("POST /withdrawals", {"orderId": order_id, "email": shopper.email}).expect(202)
    shopper.call(f"POST /withdrawals/{stated.body['withdrawalId']}/confirm").expect(202)

    def recorded() -> bool | None:
        invoices = shopper.call(f"GET /orders/{order_id}/invoices").expect(200).body["items"]
        returns = shopper.call(f"GET /orders/{order_id}/returns").expect(200).body["returns"]
        return True if invoices and returns else None

    eventually("the order has an invoice and a return", recorded)


def items_with(stage: Connection, user_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each item of the stage that contains a person's id, with the name of its table."""
    dynamodb = stage.client("dynamodb")
    for name in dynamodb.list_tables()["TableNames"]:
        if name.startswith(PREFIX):
            for page in dynamodb.get_paginator("scan").paginate(TableName=name):
                for item in page["Items"]:
                    if user_id in json.dumps(item):
                        yield name.removeprefix(PREFIX), from_item(item)


def test_the_mail_of_an_order_is_named_in_the_export_without_its_address(stage: Connection) -> None:
    shopper = Shopper(stage)
    shopper.sign_up()
    lamp = shopper.find_product("lighting", at_least=10)
    cart = shopper.fill_cart((lamp["productId"], 1))
    order_id = shopper.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]

    def mailed() -> dict[str, Any] | None:
        emails = shopper.call("GET /me/export").expect(200).body["services"]["notifications"]["emails"]
        return next((email for email in emails if email["subjectId"] == order_id), None)

    email = eventually("the e-mail is in the export", mailed)
    assert email["template"] == "order-placed"
    assert shopper.email not in json.dumps(email)

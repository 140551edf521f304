"""Invoices on the stage: one with the parcel, a credit note for a refund, no name in either after an erasure."""

import re
import secrets
from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader

from documents.formatting import format_money
from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.connection import Connection
from schemas.contract import Money

STAFF = "staff@ecom67.example"
INVOICE = re.compile(r"INV-\d{4}-\d{6}")


@pytest.fixture
def ada(stage: Connection) -> Shopper:
    shopper = Shopper(stage)
    shopper.sign_up()
    return shopper


def text_of(url: str) -> str:
    answer = httpx.get(url).raise_for_status()
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def documents(shopper: Shopper, order_id: str, number: int, token: str | None = None) -> list[dict[str, str]]:
    """Return the documents of an order once there are so many."""

    def issued() -> list[dict[str, str]] | None:
        items = shopper.call(f"GET /orders/{order_id}/invoices", token=token).expect(200).body["items"]
        return items if len(items) == number else None

    return eventually(f"order {order_id} has {number} documents", issued)


def test_a_parcel_brings_an_invoice_and_a_refund_a_credit_note(stage: Connection, ada: Shopper) -> None:
    staff = stage.token(STAFF, staff=True)
    lamp = ada.find_product("lighting", at_least=5)
    cart = ada.fill_cart((lamp["productId"], 2))
    order_id = str(ada.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"])
    order = ada.order(order_id)
    assert documents(ada, order_id, 0) == []
    parcel = {"carrier": "UPS", "trackingNumber": "1Z999"}

    ada.call(f"POST /orders/{order_id}/ship", parcel, token=staff).expect(202)
    (invoice,) = documents(ada, order_id, 1)

    assert INVOICE.fullmatch(invoice["number"])
    assert invoice["total"] == order["total"]
    said = text_of(invoice["url"])
    assert format_money(Money.model_validate(order["total"])) in said
    assert "Ada Demo" in said
    eve = Shopper(stage)
    eve.sign_up()
    assert documents(eve, order_id, 0) == []

    refund = {"amount": {"amount": 300, "currency": "USD"}, "reason": "DAMAGED"}
    ada.call(f"POST /orders/{order_id}/refund", refund, key=secrets.token_hex(12), token=staff).expect(202)
    _, note = documents(ada, order_id, 2)
    assert "$3.00" in text_of(note["url"])

    mails = eventually("the mails about both", lambda: mails_with(ada, invoice["number"], note["number"]))
    assert all(f"{stage.shop_url}/orders/{order_id}" in mail for mail in mails)

    ada.call("DELETE /me").expect(204)

    def unnamed() -> bool | None:
        found = documents(ada, order_id, 2, token=staff)
        return True if not any("Ada Demo" in text_of(document["url"]) for document in found) else None

    assert eventually("no document names her", unnamed)


def mails_with(shopper: Shopper, *texts: str) -> list[str] | None:
    found = [mail for mail in shopper._mails() if any(text in mail for text in texts)]
    return found if len(found) >= len(texts) else None

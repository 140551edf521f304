"""Refunds on the stage while Stripe fails: the money goes back, once, and the order says so."""

import secrets
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from ecom67.demo.shopper import Shopper, ShopResponse, eventually
from ecom67.local.connection import Connection

STAFF = "staff@ecom67.example"
PAYMENTS = "ecom67-local-Payments"
TIMER = "ecom67-local-payment-sweeper"


@pytest.fixture
def ada(stage: Connection) -> Shopper:
    shopper = Shopper(stage)
    shopper.sign_up()
    return shopper


@pytest.fixture
def order_id(ada: Shopper) -> str:
    """A paid order of hers."""
    lamp = ada.find_product("lighting", at_least=5)
    cart = ada.fill_cart((lamp["productId"], 1))
    bought: str = ada.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]
    ada.order(bought)
    return bought


@pytest.fixture
def faults(stage: Connection, order_id: str) -> Iterator["Faults"]:
    ordered = Faults(stage, order_id)
    yield ordered
    ordered.clear()


class Faults:
    """Faults of Stripe at the refunds of one order."""

    def __init__(self, stage: Connection, order_id: str) -> None:
        self._url = f"{stage.stripe_url}/_config/faults"
        self._match = {"path": "^/v1/refunds$", "method": "POST", "body": order_id}

    def order(self, action: str, times: int = 1) -> None:
        """Order a fault of the next refund calls."""
        httpx.post(self._url, json={"match": self._match, "action": action, "times": times}).raise_for_status()

    def clear(self) -> None:
        """Let Stripe answer again."""
        httpx.delete(self._url).raise_for_status()


def refunds_at_stripe(stage: Connection, order_id: str) -> tuple[int, int]:
    """Return how many refunds of an order there are, and their sum in minor units."""
    state = httpx.get(f"{stage.stripe_url}/_state/payment_intents", params={"metadata[orderId]": order_id}).json()
    return state["refunds"], state["amountRefunded"]


def pass_a_minute(stage: Connection, order_id: str) -> None:
    """Let the refunds of an order be due now, and the timer of the sweeper come, as it does each minute."""
    dynamodb, key = stage.client("dynamodb"), {"orderId": {"S": order_id}}
    refunds = dynamodb.get_item(TableName=PAYMENTS, Key=key)["Item"]["refunds"]["M"]
    for request in (name for name, refund in refunds.items() if "dueAt" in refund["M"]):
        # The timer itself may have come meanwhile.
        with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
            dynamodb.update_item(
                TableName=PAYMENTS,
                Key=key,
                UpdateExpression="SET refundDueAt = :past, refunds.#request.dueAt = :past",
                ConditionExpression="attribute_exists(refunds.#request.dueAt)",
                ExpressionAttributeNames={"#request": request},
                ExpressionAttributeValues={":past": {"N": "0"}},
            )
    timer = stage.client("scheduler").get_schedule(Name=TIMER)["Target"]
    answer = stage.client("lambda").invoke(FunctionName=timer["Arn"], Payload=timer["Input"])
    assert "FunctionError" not in answer, answer["Payload"].read()


def has_status(ada: Shopper, order_id: str, *statuses: str) -> str:
    """Return the order's status once it is one of these."""

    def reached() -> str | None:
        status = str(ada.order(order_id)["status"])
        return status if status in statuses else None

    return eventually(f"order {order_id} is {statuses}", reached)


def test_a_cancelled_order_is_refunded_although_stripe_answered_500(
    stage: Connection, ada: Shopper, order_id: str, faults: Faults
) -> None:
    faults.order("500")

    ada.call(f"POST /orders/{order_id}/cancel").expect(202)

    has_status(ada, order_id, "REFUNDED")
    assert refunds_at_stripe(stage, order_id) == (1, ada.order(order_id)["total"]["amount"])


def test_a_refund_by_staff_is_made_although_stripe_answered_500(
    stage: Connection, ada: Shopper, order_id: str, faults: Faults
) -> None:
    faults.order("500")
    staff, key = stage.token(STAFF, staff=True), secrets.token_hex(12)
    body = {"amount": {"amount": 300, "currency": "USD"}, "reason": "DAMAGED", "note": "It came with a scratch."}

    for _ in range(2):
        ada.call(f"POST /orders/{order_id}/refund", body, key=key, token=staff).expect(202)

    def refunded() -> bool | None:
        return ada.order(order_id).get("refundedTotal") == body["amount"] or None

    eventually("the order has the refund", refunded)
    assert refunds_at_stripe(stage, order_id) == (1, 300)


def test_a_refund_by_staff_that_is_pressed_again_is_made_once(
    stage: Connection, ada: Shopper, order_id: str, faults: Faults
) -> None:
    # Every answer of Stripe is lost, and whoever pressed the button does not know what came of it.
    faults.order("drop_after", times=2)
    staff, key = stage.token(STAFF, staff=True), secrets.token_hex(12)
    body = {"amount": {"amount": 300, "currency": "USD"}, "reason": "DAMAGED"}

    def press(**differs: object) -> ShopResponse:
        return ada.call(f"POST /orders/{order_id}/refund", {**body, **differs}, key=key, token=staff)

    first = press().expect(202)
    assert press().expect(202).body == first.body
    press(reason="OTHER").expect(422, "IDEMPOTENCY_MISMATCH")
    ada.call(f"POST /orders/{order_id}/refund", body, token=staff).expect(400, "IDEMPOTENCY_KEY_REQUIRED")

    def refunded() -> bool | None:
        order = ada.order(order_id)
        return (order.get("refundedTotal") == body["amount"] and "refundsUnderWay" not in order) or None

    eventually("the order has the refund", refunded)
    assert press().expect(202).body == first.body
    assert refunds_at_stripe(stage, order_id) == (1, 300)


def test_an_order_says_that_its_refund_is_pending_until_stripe_is_back(
    stage: Connection, ada: Shopper, order_id: str, faults: Faults
) -> None:
    faults.order("503", times=100)
    ada.call(f"POST /orders/{order_id}/cancel").expect(202)
    has_status(ada, order_id, "REFUND_PENDING")

    faults.clear()

    def refunded() -> bool | None:
        pass_a_minute(stage, order_id)
        return ada.order(order_id)["status"] == "REFUNDED" or None

    eventually("the order is refunded", refunded)
    assert refunds_at_stripe(stage, order_id) == (1, ada.order(order_id)["total"]["amount"])


def test_what_staff_writes_to_a_refund_is_in_the_order_alone_and_goes_with_its_shopper(
    stage: Connection, ada: Shopper, order_id: str
) -> None:
    note = f"She shouted at us, {secrets.token_hex(8)}"
    staff = stage.token(STAFF, staff=True)
    body = {"amount": {"amount": 300, "currency": "USD"}, "reason": "GOODWILL", "note": note}
    ada.call(f"POST /orders/{order_id}/refund", body, key=secrets.token_hex(12), token=staff).expect(202)

    def told() -> bool | None:
        journal = items(stage, "ecom67-local-Journal")
        return all(any(name in item and order_id in item for item in journal) for name in PUBLISHED) or None

    eventually("the refund is in the journal", told)
    tables = stage.client("dynamodb").list_tables()["TableNames"]
    assert {name for name in tables if note in str(items(stage, name))} == {"ecom67-local-Orders"}
    assert note not in str(ada.order(order_id))

    parcel = {"carrier": "Post", "trackingNumber": "T1"}
    ada.call(f"POST /orders/{order_id}/ship", parcel, token=staff).expect(202)
    ada.call(f"POST /orders/{order_id}/deliver", token=staff).expect(202)
    ada.call("DELETE /me").expect(204)

    def erased() -> bool | None:
        return note not in str(items(stage, "ecom67-local-Orders")) or None

    eventually("the note is erased", erased)


PUBLISHED = ("RefundRequested", "PaymentRefundedV2", "OrderRefunded")


def items(stage: Connection, table: str) -> list[str]:
    """Return the items of a table as texts."""
    pages = stage.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [str(item) for page in pages for item in page["Items"]]

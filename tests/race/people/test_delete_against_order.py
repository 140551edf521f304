"""An account that is deleted while an order is placed: the deletion is refused, or the order is cancelled and refunded.

The deletion begins at each moment of the purchase in turn: the tables are the barrier.
"""

import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bus.attribute_values import from_item
from ecom67.demo.shopper import Shopper, ShopResponse, eventually
from ecom67.local.connection import Connection
from services.checkout.domain import order_id_for
from services.orders.store import USER_INDEX


@dataclass(frozen=True)
class Purchase:
    """A purchase that is under way.

    Attributes:
        order_id: of the order that it will have.
        answer: the response to it.
    """

    stage: Connection
    order_id: str
    answer: "Future[ShopResponse]"

    def item(self, table: str, key: str = "orderId") -> dict[str, Any]:
        answer = self.stage.client("dynamodb").get_item(
            TableName=f"ecom67-local-{table}", Key={key: {"S": self.order_id}}, ConsistentRead=True
        )
        return from_item(answer.get("Item", {}))


MOMENTS: dict[str, Callable[[Purchase], object]] = {
    "with the request": lambda purchase: True,
    "once the checkout is recorded": lambda purchase: purchase.item("Checkouts"),
    "once the stock is reserved": lambda purchase: purchase.item("Reservations", "reservationId"),
    "once the payment is recorded": lambda purchase: purchase.item("Payments"),
    "once the order is decided on": lambda purchase: purchase.item("Checkouts").get("paymentIntentId"),
    "once it is confirmed": lambda purchase: purchase.answer.done(),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_order_is_left_to_be_sent_without_its_shopper(stage: Connection, moment: str) -> None:
    ada = Shopper(stage)
    ada.sign_up()
    user_id = ada.call("GET /me").expect(200).body["userId"]
    lamp = ada.find_product("lighting", at_least=10)
    cart = ada.fill_cart((lamp["productId"], 1))
    key = secrets.token_hex(12)
    with ThreadPoolExecutor(1) as other_window:
        answer = other_window.submit(ada.buy, "pm_card_visa", cart["total"], key)
        purchase = Purchase(stage, order_id_for(user_id, key), answer)
        eventually(moment, lambda: True if MOMENTS[moment](purchase) or answer.done() else None)
        deleted = ada.call("DELETE /me")
        bought = answer.result()

    if deleted.status == 409:
        assert (deleted.body["code"], bought.status) == ("OPEN_ORDERS", 201)
        assert [order["orderId"] for order in deleted.body["orders"]] == [purchase.order_id]
        order = ada.order(purchase.order_id)
        assert (order["status"], order["shippingAddress"]["city"]) == ("PROCESSING", "Portland")
        return
    assert deleted.status == 204
    if bought.status == 201:
        order = eventually("the order is there", lambda: next(iter(orders_of(stage, user_id)), None))
    eventually("all money is back, and no order to be sent", lambda: True if is_settled(stage, user_id) else None)
    for order in orders_of(stage, user_id):
        assert "shippingAddress" not in order
        assert order["status"] in ("CANCELLED", "REFUNDED")


def is_settled(stage: Connection, user_id: str) -> bool:
    intents = httpx.get(f"{stage.stripe_url}/_state/payment_intents", params={"metadata[userId]": user_id}).json()
    kept = intents["amountCaptured"] - intents["amountRefunded"]
    left = [
        order for order in orders_of(stage, user_id) if order["status"] == "PROCESSING" or "shippingAddress" in order
    ]
    return kept == 0 and not left


def orders_of(stage: Connection, user_id: str) -> list[dict[str, Any]]:
    answer = stage.client("dynamodb").query(
        TableName="ecom67-local-Orders",
        IndexName=USER_INDEX,
        KeyConditionExpression="userId = :user",
        ExpressionAttributeValues={":user": {"S": user_id}},
    )
    return [from_item(item) for item in answer["Items"]]

"""A customer of many orders: exported and erased to the last one."""

import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_delete
from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.connection import Connection

ORDERS = 1500
TABLE = "ecom67-local-Orders"
DAY = 24 * 3600 * 1000


@pytest.fixture
def regular(stage: Connection) -> Iterator[tuple[Shopper, str]]:
    """Return a customer with ORDERS orders, all but one of which are delivered, and their user id.

    The others are copies, which no charge and no reservation belongs to; they are gone afterwards.
    """
    shopper = Shopper(stage)
    shopper.sign_up()
    user_id = shopper.call("GET /me").expect(200).body["userId"]
    lamp = shopper.find_product("lighting", at_least=10)
    cart = shopper.fill_cart((lamp["productId"], 1))
    order_id = shopper.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]
    shopper.order(order_id)
    dynamodb = stage.client("dynamodb")
    key = {"orderId": order_id, "userId": user_id}
    order = from_item(dynamodb.get_item(TableName=TABLE, Key=to_item(key))["Item"])
    order.pop("outbox")
    copies = [
        {
            **order,
            "orderId": secrets.token_hex(12),
            "status": "DELIVERED",
            "timestamp": order["timestamp"] - n * DAY // 10,
        }
        for n in range(1, ORDERS)
    ]
    for start in range(0, len(copies), 25):
        puts = [{"PutRequest": {"Item": to_item(copy)}} for copy in copies[start : start + 25]]
        dynamodb.batch_write_item(RequestItems={TABLE: puts})
    yield shopper, user_id
    copied = ({"orderId": {"S": copy["orderId"]}, "userId": {"S": user_id}} for copy in copies)
    batch_delete(dynamodb, TABLE, copied)


def test_all_of_1500_orders_are_exported_in_the_background_and_erased_with_the_file(
    stage: Connection, regular: tuple[Shopper, str]
) -> None:
    shopper, user_id = regular
    begun = shopper.call("GET /me/export").expect(202).body
    assert begun["status"] == "PREPARING"

    mail = shopper.mail_with("The file with your data is ready")

    assert "/account" in mail
    ready = shopper.call("GET /me/export").expect(202).body
    assert (ready["status"], ready["exportId"]) == ("READY", begun["exportId"])
    export = httpx.get(ready["url"]).raise_for_status().json()
    assert export["profile"]["email"] == shopper.email
    orders = [order for page in export["services"]["orders"] for order in page["orders"]]
    assert len({order["orderId"] for order in orders}) == ORDERS
    assert len(export["services"]["payment"][0]["payments"]) == 1

    refused = shopper.call("DELETE /me").expect(409, "OPEN_ORDERS").body
    assert (refused["orderCount"], len(refused["orders"])) == (1, 1)
    shopper.call("DELETE /me?cancelOrders=true").expect(204)

    assert httpx.get(ready["url"]).status_code == 404
    eventually("no order has an address", lambda: True if not with_address(stage, user_id) else None)
    assert len(all_orders(stage, user_id)) == ORDERS
    statuses = {order["status"] for order in all_orders(stage, user_id)}
    assert statuses <= {"DELIVERED", "CANCELLED", "REFUNDED"}


def with_address(stage: Connection, user_id: str) -> list[dict[str, Any]]:
    return [order for order in all_orders(stage, user_id) if "shippingAddress" in order]


def all_orders(stage: Connection, user_id: str) -> list[dict[str, Any]]:
    pages = (
        stage.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=TABLE,
            IndexName="userId-timestamp-index",
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues={":user": {"S": user_id}},
        )
    )
    return [from_item(item) for page in pages for item in page["Items"]]

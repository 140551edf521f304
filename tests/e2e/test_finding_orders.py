"""Staff finds an order of which nothing but the order itself was written, as before there were entries for that."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from bus.attribute_values import to_item
from ecom67.demo.journal import deployed
from ecom67.demo.shopper import Shopper
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from ecom67.orders import commands
from schemas.order_number import order_number

SEARCH = "ecom67-local-OrderSearch"


def test_an_order_from_before_is_found_once_it_was_indexed(stage: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    shopper = Shopper(stage)
    shopper.sign_up()
    lamp = shopper.find_product("lighting", at_least=5)
    cart = shopper.fill_cart((lamp["productId"], 1))
    order_id = str(shopper.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"])
    shopper.order(order_id)
    number, staff = order_number(order_id), stage.token(STAFF, staff=True)
    forget(stage.client("dynamodb"), order_id)
    monkeypatch.setattr(commands, "connect", lambda _: deployed(stage))

    def found() -> list[str]:
        page = shopper.call(f"GET /staff/orders?q={number}", token=staff).expect(200).body
        return [order["orderId"] for order in page["items"]]

    assert found() == []

    first, second = (CliRunner().invoke(commands.app, ["index", "--json"], catch_exceptions=False) for _ in range(2))

    assert found() == [order_id]
    assert json.loads(first.stdout)["indexed"] >= 1
    assert json.loads(second.stdout)["indexed"] == 0


def forget(dynamodb: Any, order_id: str) -> None:
    """Delete the entries of an order."""
    for page in dynamodb.get_paginator("scan").paginate(TableName=SEARCH):
        for item in page["Items"]:
            if item["orderId"]["S"] == order_id:
                key = {name: item[name]["S"] for name in ("bucket", "entry")}
                dynamodb.delete_item(TableName=SEARCH, Key=to_item(key))

"""Fifty shoppers want ten units at once: the handlers' own code, in threads, on the emulator's tables."""

import json
import os
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import httpx
import pytest

from bus.attribute_values import from_item, to_item
from ecom67.demo.journal import deployed
from ecom67.demo.shopper import Shopper, eventually
from ecom67.events.journal import StageJournal
from ecom67.local.connection import Connection
from schemas.event import Envelope
from schemas.inventory import StockChanged
from tests.deadlines import DEADLINE_SECONDS

STOCK_CHANGED = Envelope[StockChanged]
SHOPPERS = 50
UNITS = 10
FUNCTIONS = {
    "inventory-reserve": "services.inventory.commands:reserve",
    "payment-charge": "services.payment.commands:charge",
    "orders-place": "services.orders.commands:place",
}


@pytest.fixture
def handlers(stage: Connection, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The handlers of the deployed functions, in this process, with the environment of the deployed ones."""
    functions = stage.client("lambda")
    for name, value in stage.environment.items():
        monkeypatch.setenv(name, value)
    for name in FUNCTIONS:
        configuration = functions.get_function_configuration(FunctionName=f"ecom67-local-{name}")
        for variable, value in configuration["Environment"]["Variables"].items():
            monkeypatch.setenv(variable, value)
    return {name: _attribute(handler) for name, handler in FUNCTIONS.items()}


def _attribute(handler: str) -> Any:
    module, _, name = handler.partition(":")
    return getattr(import_module(module), name)


@contextmanager
def watched(stage: Connection, product_id: str) -> Iterator[list[int]]:
    """Read the stock again and again; note what is in the warehouse beyond what is held, below 0 where it was oversold.

    The ``available`` of the item would not do: it is never written below 0.
    """
    seen: list[int] = []
    over = threading.Event()
    dynamodb = stage.client("dynamodb")

    def watch() -> None:
        while not over.is_set():
            item = from_item(
                dynamodb.get_item(
                    TableName=os.environ["STOCK_TABLE"],
                    Key=to_item({"productId": product_id}),
                    ProjectionExpression="onHand, holds",
                    ConsistentRead=True,
                )["Item"]
            )
            seen.append(item["onHand"] - sum(hold["quantity"] for hold in item["holds"].values()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def test_fifty_shoppers_and_ten_units_make_ten_orders_and_ten_charges(
    stage: Connection, handlers: dict[str, Any]
) -> None:
    # Given a product of ten units
    staff = stage.token("staff@ecom67.example", staff=True)
    clerk = Shopper(stage)
    product_id = f"race-{uuid.uuid4().hex[:10]}"
    product = {
        "productId": product_id,
        "name": f"Race {product_id}",
        "description": "Wanted by many.",
        "category": "lighting",
        "brand": "Race",
        "price": {"amount": 2500, "currency": "USD"},
        "imageUrl": "/images/gooseneck-kettle.svg",
        "initialStock": UNITS,
    }
    clerk.call("POST /products", product, token=staff).expect(201)

    def available() -> int:
        answer = clerk.call(f"GET /stock/{product_id}")
        return int(answer.body["available"]) if answer.status == 200 else -1

    eventually("the units are in stock", lambda: True if available() == UNITS else None)
    run = uuid.uuid4().hex[:8]
    together = threading.Barrier(SHOPPERS)

    def buy(number: int) -> str:
        order_id, user_id = f"race{run}{number:02d}", f"racer-{run}-{number:02d}"
        together.wait(timeout=DEADLINE_SECONDS)
        context = {"correlationId": f"race-{run}"}
        lines = [{"productId": product_id, "quantity": 1}]
        reserved = handlers["inventory-reserve"](
            {"context": context, "input": {"reservationId": order_id, "lines": lines}}, None
        )
        if reserved["outcome"] != "RESERVED":
            return str(reserved["outcome"])
        total = {"amount": 3099, "currency": "USD"}
        charge = {"orderId": order_id, "userId": user_id, "paymentMethodId": "pm_card_visa", "amount": total}
        paid = handlers["payment-charge"]({"context": context, "input": charge}, None)
        order = {
            "orderId": order_id,
            "userId": user_id,
            "lines": [{**lines[0], "name": "Race", "unitPrice": {"amount": 2500, "currency": "USD"}}],
            "subtotal": {"amount": 2500, "currency": "USD"},
            "shipping": {"amount": 599, "currency": "USD"},
            "total": total,
            "shippingAddress": {"name": "A", "line1": "B", "city": "C", "postalCode": "D", "country": "US"},
            "paymentIntentId": paid["paymentIntentId"],
        }
        body = json.dumps({"context": {**context, "causationId": paid["eventId"]}, "input": order})
        answer = handlers["orders-place"]({"Records": [{"messageId": order_id, "body": body}]}, None)
        assert answer == {"batchItemFailures": []}
        return str(paid["outcome"])

    # When fifty buy at once
    with watched(stage, product_id) as units_left, ThreadPoolExecutor(SHOPPERS) as pool:
        outcomes = sorted(pool.map(buy, range(SHOPPERS)))

    # Then ten of them have an order and a charge, and forty are told that it is sold out
    assert outcomes == ["OUT_OF_STOCK"] * (SHOPPERS - UNITS) + ["PAID"] * UNITS
    pages = (
        stage.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=os.environ["ORDERS_TABLE"],
            FilterExpression="begins_with(orderId, :run)",
            ExpressionAttributeValues={":run": {"S": f"race{run}"}},
        )
    )
    assert sum(page["Count"] for page in pages) == UNITS
    intents = httpx.get(f"{stage.stripe_url}/_state/payment_intents").json()["paymentIntents"]
    charged = [intent for intent in intents if intent["metadata"].get("orderId", "").startswith(f"race{run}")]
    assert [intent["status"] for intent in charged] == ["succeeded"] * UNITS

    # And the stock is gone, and never below nothing, also when all orders are committed
    def committed() -> dict[str, Any] | None:
        item = stage.client("dynamodb").get_item(
            TableName=os.environ["STOCK_TABLE"], Key={"productId": {"S": product_id}}
        )["Item"]
        return item if item["onHand"] == {"N": "0"} else None

    eventually("every reservation is committed", committed)
    assert available() == 0
    assert len(units_left) > 1
    assert min(units_left) >= 0

    # And what everybody was told went down to nothing unit by unit
    def told() -> list[int] | None:
        events = StageJournal(deployed(stage)).of_request(f"race-{run}")
        details = [event.detail for event in events if event.detail_type == StockChanged.detail_type()]
        changes = sorted((event.metadata.sequence, event.data.available) for event in map(STOCK_CHANGED.read, details))
        return [available for _, available in changes] if len(changes) >= UNITS else None

    assert eventually("every change of the stock is in the journal", told) == list(reversed(range(UNITS)))

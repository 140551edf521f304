"""What a replay sets in motion, by the real handlers of orders and payment."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from bus.attribute_values import from_item, to_item
from bus.context import Context
from bus.outbox import new_entries
from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from schemas.event import Envelope
from schemas.inventory import ShortLine, StockShort
from schemas.orders import OrderCancelled
from services.orders import commands as orders_commands
from services.orders import events as orders_events
from services.orders.store import OrderStore
from tests.contract.payment.shop import TOTAL, Order
from tests.unit.bus.messages import batch, failed, message_of
from tests.unit.erased import TABLE as ERASED_USERS
from tests.unit.erased import create_erased_users
from tests.unit.order_search import TABLE as ORDER_SEARCH
from tests.unit.order_search import create_order_search

TABLE = "Orders"


@pytest.fixture
def orders(order: Order, monkeypatch: pytest.MonkeyPatch) -> Iterator[OrderStore]:
    """The orders service over a table of its own."""
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[
            {"AttributeName": "orderId", "KeyType": "HASH"},
            {"AttributeName": "userId", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "orderId", "AttributeType": "S"},
            {"AttributeName": "userId", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    erased_users = create_erased_users(dynamodb)
    search = create_order_search(dynamodb)
    store = OrderStore(dynamodb, TABLE, lambda: search, lambda: erased_users)
    monkeypatch.setattr(orders_events, "store", lambda: store)
    monkeypatch.setattr(orders_commands, "store", lambda: store)
    yield store
    for name in (TABLE, ERASED_USERS, ORDER_SEARCH):
        dynamodb.delete_table(TableName=name)


def item(order: Order) -> dict[str, Any]:
    """Return the item of an order as its stream has it."""
    key = to_item({"orderId": order.id, "userId": "ada"})
    return dict(boto3.client("dynamodb").get_item(TableName=TABLE, Key=key).get("Item", {}))


def place(order: Order) -> None:
    placed = PlaceOrder(
        order_id=order.id,
        user_id="ada",
        lines=[Line(product_id="lamp", name="Lamp", quantity=1, unit_price=Money(amount=TOTAL))],
        subtotal=Money(amount=TOTAL),
        shipping=Money(amount=0),
        total=Money(amount=TOTAL),
        shipping_address=ShippingAddress(name="Ada", line1="1 Way", city="Hull", postal_code="N1 9GU", country="GB"),
        payment_intent_id=order.payment.payment_intent_id,
    )
    body = {
        "context": Context(correlation_id=order.correlation_id).model_dump(mode="json", exclude_none=True),
        "input": placed.model_dump(mode="json", exclude_none=True),
    }
    assert failed(orders_commands.place(batch(body), None)) == []


def test_an_order_that_a_replay_cancels_gets_its_money_back_and_the_replay_of_that_gives_back_nothing_more(
    order: Order, orders: OrderStore
) -> None:
    # Given a paid order, and a shortage that orders has missed
    order.charge()
    place(order)
    before = item(order)
    short = StockShort(order_id=order.id, user_id="ada", lines=[ShortLine(product_id="lamp", quantity=1)])
    missed = message_of(short)

    # When the shortage is replayed
    assert failed(orders_events.consumer(batch(missed | {"replay-name": "drill"}), None)) == []

    # Then the order is cancelled for the first time: a new event, which no replay has delivered, gives the money back
    cancelled = item(order)
    (entry,) = new_entries(before, cancelled)
    event = Envelope[OrderCancelled].read(json.loads(entry.detail))
    assert event.metadata.causation_id == missed["detail"]["metadata"]["eventId"]
    assert order.consume(event) == {"batchItemFailures": []}
    assert order.money["givenBack"] == TOTAL

    # And replayed once more, neither event has an effect
    assert failed(orders_events.consumer(batch(missed | {"replay-name": "another"}), None)) == []
    assert order.consume(event, **{"replay-name": "another"}) == {"batchItemFailures": []}
    assert from_item(item(order)) == from_item(cancelled)
    assert order.money["givenBack"] == TOTAL

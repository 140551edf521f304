"""The tables of reporting in moto's DynamoDB, events as they arrive, and a clock that a test moves."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bus import clients
from bus.context import Context, use_context
from bus.outbox import envelope_for
from schemas.contract import Line, Money
from schemas.event import Event
from schemas.orders import OrderCancelled, OrderPlaced, OrderRefunded
from services.reporting import dependencies
from services.reporting.events import consumer
from services.reporting.sales import Sales
from services.reporting.store import LOW_STOCK_INDEX, DayStore, FactStore, StockLevelStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Noon in New York."""
TODAY = date(2026, 11, 23)
TABLES = {
    "SALES_FACTS_TABLE": ("SalesFacts", "day", "fact"),
    "SALES_DAYS_TABLE": ("SalesDays", "generation", "day"),
    "STOCK_LEVELS_TABLE": ("StockLevels", "generation", "productId"),
}


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Reporting:
    """The service: events come in as from its queue, figures go out."""

    dynamodb: "DynamoDBClient"
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.facts = FactStore(self.dynamodb, "SalesFacts")
        self.days = DayStore(self.dynamodb, "SalesDays")
        self.levels = StockLevelStore(self.dynamodb, "StockLevels")
        self.sales = Sales(self.facts, self.days, now=self.clock)

    def receive(self, *messages: dict[str, Any]) -> list[str]:
        """Deliver messages in one batch and return the ids of those that failed."""
        records = [{"messageId": str(number), "body": json.dumps(said)} for number, said in enumerate(messages)]
        answer = consumer({"Records": records}, None)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def quarantined(self) -> list[str]:
        items = self.dynamodb.scan(TableName="Quarantine")["Items"]
        return [item["reason"]["S"] for item in items]


def message(event: Event, sequence: int = 1) -> dict[str, Any]:
    """Return an event as EventBridge delivers it."""
    envelope = envelope_for(event, sequence)
    return {"source": event.source(), "detail-type": event.detail_type(), "detail": json.loads(envelope.to_json())}


def lines(**units: int) -> list[Line]:
    return [
        Line(product_id=product, name=product.title(), quantity=quantity, unit_price=Money(amount=1000))
        for product, quantity in units.items()
    ]


def placed(order_id: str = "order-1", at: datetime = NOON, currency: str = "USD", **units: int) -> OrderPlaced:
    bought = lines(**(units or {"mug": 2}))
    goods = sum(line.quantity for line in bought) * 1000
    return OrderPlaced(
        order_id=order_id,
        user_id="ada",
        lines=bought,
        subtotal=Money(amount=goods, currency=currency),
        shipping=Money(amount=599, currency=currency),
        total=Money(amount=goods + 599, currency=currency),
        placed_at=at,
    )


def cancelled(order: OrderPlaced, at: datetime = NOON) -> OrderCancelled:
    return OrderCancelled(
        order_id=order.order_id,
        user_id=order.user_id,
        lines=order.lines,
        total=order.total,
        cancelled_by="SHOPPER",
        reason="Changed their mind.",
        cancelled_at=at,
    )


def refunded(order: OrderPlaced, cents: int, in_all: int | None = None, at: datetime = NOON) -> OrderRefunded:
    return OrderRefunded(
        order_id=order.order_id,
        user_id=order.user_id,
        amount=Money(amount=cents),
        refunded_total=Money(amount=in_all or cents),
        fully_refunded=(in_all or cents) == order.total.amount,
        refunded_at=at,
    )


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request")) as context:
        yield context


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        yield boto3.client("dynamodb")


@pytest.fixture
def dynamodb(client: "DynamoDBClient") -> Iterator["DynamoDBClient"]:
    for name, *keys in [*TABLES.values(), ("Quarantine", "quarantineId")]:
        index: dict[str, Any] = {}
        schema: Any = [
            {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
        ]
        attributes: Any = [{"AttributeName": key, "AttributeType": "S"} for key in keys]
        if name == "StockLevels":
            attributes += [
                {"AttributeName": "low", "AttributeType": "S"},
                {"AttributeName": "available", "AttributeType": "N"},
            ]
            low = {
                "IndexName": LOW_STOCK_INDEX,
                "KeySchema": [
                    {"AttributeName": "low", "KeyType": "HASH"},
                    {"AttributeName": "available", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["name", "onHand", "deleted"]},
            }
            index = {"GlobalSecondaryIndexes": [low]}
        client.create_table(
            TableName=name,
            KeySchema=schema,
            AttributeDefinitions=attributes,
            BillingMode="PAY_PER_REQUEST",
            **index,
        )
    yield client
    for name in client.list_tables()["TableNames"]:
        client.delete_table(TableName=name)


@pytest.fixture
def reporting(dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch) -> Iterator[Reporting]:
    for variable, (name, *_) in TABLES.items():
        monkeypatch.setenv(variable, name)
    monkeypatch.setitem(os.environ, "QUARANTINE_TABLE", "Quarantine")
    service = Reporting(dynamodb)
    for module in (clients, dependencies):
        monkeypatch.setattr(module, "dynamodb", lambda: dynamodb)
    monkeypatch.setattr("bus.consumer.dynamodb", lambda: dynamodb)
    consumer.__dict__.pop("_quarantine", None)
    for cached in (dependencies.day_store, dependencies.sales, dependencies.stock_levels):
        cached.cache_clear()
    dependencies.sales().now = service.clock
    yield service
    consumer.__dict__.pop("_quarantine", None)
    for cached in (dependencies.day_store, dependencies.sales, dependencies.stock_levels):
        cached.cache_clear()

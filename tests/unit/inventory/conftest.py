"""Stock and reservations in moto's DynamoDB, with a clock that stands still until a test moves it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from bus.attribute_values import from_item
from bus.context import Context, use_context
from bus.optimistic_locking import RetryPolicy
from bus.outbox import OutboxEntry
from schemas.contract import Line, Money
from schemas.orders import OrderCancelled, OrderPlaced
from services.inventory.domain import HOLD_MILLISECONDS
from services.inventory.inventory_service import InventoryService
from services.inventory.store import EXPIRY_INDEX, LEVEL_INDEX, InventoryStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOON = 1_800_000_000_000
PRICE = Money(amount=1000)
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Clock:
    """Milliseconds since the epoch."""

    now: int = NOON

    def __call__(self) -> int:
        return self.now

    def expire_holds(self) -> None:
        self.now += HOLD_MILLISECONDS


@dataclass
class Shop:
    """The inventory of a test, the calls it made, and what it wrote."""

    dynamodb: "DynamoDBClient"
    clock: Clock = field(default_factory=Clock)
    calls: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """What somebody else does between the next read and the write that follows it."""
    refusals: list[ClientError] = field(default_factory=list)
    """What DynamoDB answers the next writes with."""

    def __post_init__(self) -> None:
        self.store = InventoryStore(self.dynamodb, "Stock", "Reservations", now=lambda: self.clock.now / 1000)
        self.inventory = self.retrying(seconds=5.0)
        self.dynamodb.meta.events.register("before-call.dynamodb", self._before_call)

    def retrying(self, seconds: float, attempts: int = 1) -> InventoryService:
        return InventoryService(self.store, now=self.clock, retry=RetryPolicy(seconds, attempts, self.pauses.append))

    def _before_call(self, model: Any, **_: object) -> None:
        self.calls.append(model.name)
        if model.name in ("TransactWriteItems", "UpdateItem", "PutItem"):
            if self.meanwhile:
                self.meanwhile.pop(0)()
            if self.refusals:
                raise self.refusals.pop(0)

    def stock_item(self, product_id: str) -> dict[str, Any]:
        answer = self.dynamodb.get_item(TableName="Stock", Key={"productId": {"S": product_id}})
        return from_item(answer["Item"])

    def reservation_item(self, reservation_id: str) -> dict[str, Any]:
        answer = self.dynamodb.get_item(TableName="Reservations", Key={"reservationId": {"S": reservation_id}})
        return from_item(answer["Item"])

    def raised(self, item: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        entries = [OutboxEntry.model_validate(values) for values in json.loads(item.get("outbox", "[]"))]
        return [(entry.detail_type, json.loads(entry.detail)) for entry in entries]


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request", causation_id="the-cause")) as context:
        yield context


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="Stock",
            KeySchema=[{"AttributeName": "productId", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "productId", "AttributeType": "S"},
                {"AttributeName": "level", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": LEVEL_INDEX,
                    "KeySchema": [
                        {"AttributeName": "level", "KeyType": "HASH"},
                        {"AttributeName": "productId", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        client.create_table(
            TableName="Movements",
            KeySchema=[
                {"AttributeName": "productId", "KeyType": "HASH"},
                {"AttributeName": "sequence", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "productId", "AttributeType": "S"},
                {"AttributeName": "sequence", "AttributeType": "N"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        client.create_table(
            TableName="Reservations",
            KeySchema=[{"AttributeName": "reservationId", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "reservationId", "AttributeType": "S"},
                {"AttributeName": "state", "AttributeType": "S"},
                {"AttributeName": "holdExpiresAt", "AttributeType": "N"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": EXPIRY_INDEX,
                    "KeySchema": [
                        {"AttributeName": "state", "KeyType": "HASH"},
                        {"AttributeName": "holdExpiresAt", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["lines", "sequence"]},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


@pytest.fixture
def shop(dynamodb: "DynamoDBClient") -> Shop:
    return Shop(dynamodb)


@pytest.fixture
def placed() -> Callable[..., OrderPlaced]:
    def order(order_id: str = "order", **units: int) -> OrderPlaced:
        return OrderPlaced(
            order_id=order_id,
            user_id="shopper",
            lines=_lines(units),
            subtotal=PRICE,
            shipping=PRICE,
            total=PRICE,
            placed_at=AT,
        )

    return order


@pytest.fixture
def cancelled() -> Callable[..., OrderCancelled]:
    def order(order_id: str = "order", **units: int) -> OrderCancelled:
        return OrderCancelled(
            order_id=order_id,
            user_id="shopper",
            lines=_lines(units),
            total=PRICE,
            cancelled_by="SHOPPER",
            reason="Changed my mind.",
            cancelled_at=AT,
        )

    return order


def _lines(units: dict[str, int]) -> list[Line]:
    return [
        Line(product_id=product_id, name=product_id, quantity=quantity, unit_price=PRICE)
        for product_id, quantity in units.items()
    ]

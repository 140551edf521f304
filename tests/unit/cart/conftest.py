"""Carts and products in moto's DynamoDB, with a clock that stands still until a test moves it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bus.attribute_values import from_item, to_item
from bus.context import Context, use_context
from bus.optimistic_locking import RetryPolicy
from bus.outbox import OutboxEntry
from schemas.catalog import ProductSnapshot, ProductStatus
from schemas.contract import Line, Money
from schemas.orders import OrderPlaced
from services.cart.cart_items import HEADER
from services.cart.cart_service import CartService
from services.cart.product_projection import ProductProjection
from services.cart.store import ACTIVITY_INDEX, CartStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHOPPER = "shopper"


@dataclass
class Clock:
    """The time of a test."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Shop:
    """The carts of a test, the calls they made, and what somebody else does in between."""

    dynamodb: "DynamoDBClient"
    clock: Clock = field(default_factory=Clock)
    calls: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """What somebody else does between a read of the cart and the write that follows it, one a write."""
    refusals: list[Exception] = field(default_factory=list)
    """What DynamoDB answers the next writes with."""

    def __post_init__(self) -> None:
        self.store = CartStore(self.dynamodb, "Cart", now=self.clock)
        self.products = ProductProjection(self.dynamodb, "CartProducts")
        self.service = self.retrying(seconds=5.0)

    def observe(self) -> None:
        self.dynamodb.meta.events.register("before-call.dynamodb", self._before_call, unique_id="shop")

    def stop_observing(self) -> None:
        self.dynamodb.meta.events.unregister("before-call.dynamodb", unique_id="shop")

    def retrying(self, seconds: float, attempts: int = 1) -> CartService:
        return CartService(self.store, self.products, RetryPolicy(seconds, attempts, self.pauses.append))

    def _before_call(self, model: Any, **_: object) -> None:
        self.calls.append(model.name)
        if model.name in ("TransactWriteItems", "UpdateItem", "BatchWriteItem"):
            if self.meanwhile:
                self.meanwhile.pop(0)()
            if self.refusals:
                raise self.refusals.pop(0)

    def sell(self, product_id: str, cents: int = 1000, available: int = 10, status: ProductStatus = "ACTIVE") -> None:
        """Have a product, as its events would tell of it."""
        self.products.save_product(snapshot(product_id, cents, status), sequence=1)
        self.products.save_available(product_id, available, sequence=1)

    def sell_all(self, product_ids: list[str]) -> None:
        """Have many products at once: what the first one's events have written, under other names."""
        self.sell(product_ids[0])
        item = self.product_item(product_ids[0])
        for start in range(0, len(product_ids), 25):
            puts = [to_item({**item, "productId": name}) for name in product_ids[start : start + 25]]
            self.dynamodb.batch_write_item(
                RequestItems={"CartProducts": [{"PutRequest": {"Item": put}} for put in puts]}
            )

    def quantities(self, user_id: str = SHOPPER) -> dict[str, int]:
        return {product_id: line.quantity for product_id, line in self.store.get(user_id).lines.items()}

    def items(self, user_id: str = SHOPPER) -> dict[str, dict[str, Any]]:
        answer = self.dynamodb.query(
            TableName="Cart",
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues={":user": {"S": user_id}},
        )
        return {values["productId"]: values for values in map(from_item, answer["Items"])}

    def header(self, user_id: str = SHOPPER) -> dict[str, Any]:
        return self.items(user_id)[HEADER]

    def raised(self, user_id: str = SHOPPER) -> list[dict[str, Any]]:
        """Return the details of the events in the outbox of a cart."""
        entries = json.loads(self.items(user_id).get(HEADER, {}).get("outbox", "[]"))
        return [json.loads(OutboxEntry.model_validate(entry).detail) for entry in entries]

    def abandonments(self, user_id: str = SHOPPER) -> list[dict[str, Any]]:
        """Return the details of CartAbandoned in the outbox of a cart."""
        return [detail for detail in self.raised(user_id) if "lines" in detail["data"]]

    def product_item(self, product_id: str) -> dict[str, Any]:
        answer = self.dynamodb.get_item(TableName="CartProducts", Key={"productId": {"S": product_id}})
        return from_item(answer["Item"])


def snapshot(product_id: str, cents: int = 1000, status: ProductStatus = "ACTIVE") -> ProductSnapshot:
    return ProductSnapshot(
        product_id=product_id,
        name=product_id.title(),
        description="",
        category="kitchen",
        brand="Own",
        price=Money(amount=cents),
        image_url=f"/images/{product_id}.svg",
        status=status,
        created_at=NOON,
        updated_at=NOON,
    )


def placed(order_id: str = "order", at: datetime = NOON, **units: int) -> OrderPlaced:
    price = Money(amount=1000)
    return OrderPlaced(
        order_id=order_id,
        user_id=SHOPPER,
        lines=[
            Line(product_id=product_id, name=product_id, quantity=quantity, unit_price=price)
            for product_id, quantity in units.items()
        ],
        subtotal=price,
        shipping=price,
        total=price,
        placed_at=at,
    )


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request")) as context:
        yield context


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    """One client a module: to make one takes longer than most tests."""
    with mock_aws():
        yield boto3.client("dynamodb")


@pytest.fixture
def dynamodb(client: "DynamoDBClient") -> Iterator["DynamoDBClient"]:
    """Empty tables, keyed as the stack makes them."""
    client.create_table(
        TableName="Cart",
        KeySchema=[
            {"AttributeName": "userId", "KeyType": "HASH"},
            {"AttributeName": "productId", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "userId", "AttributeType": "S"},
            {"AttributeName": "productId", "AttributeType": "S"},
            {"AttributeName": "activity", "AttributeType": "S"},
            {"AttributeName": "touchedAt", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": ACTIVITY_INDEX,
                "KeySchema": [
                    {"AttributeName": "activity", "KeyType": "HASH"},
                    {"AttributeName": "touchedAt", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    client.create_table(
        TableName="CartProducts",
        KeySchema=[{"AttributeName": "productId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "productId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield client
    client.delete_table(TableName="Cart")
    client.delete_table(TableName="CartProducts")


@pytest.fixture
def shop(dynamodb: "DynamoDBClient") -> Iterator[Shop]:
    shop = Shop(dynamodb)
    shop.observe()
    yield shop
    shop.stop_observing()

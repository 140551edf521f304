"""Returns and withdrawals in moto's DynamoDB, and an order of two lamps and a cup."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bus.context import Context, use_context
from bus.outbox import new_entries
from schemas.commands import ReturnableOrder
from schemas.contract import Line, Money
from services.returns.store import STATUS_INDEX, UNMATCHED_INDEX, ReturnsStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

PLACED = datetime(2026, 3, 1, 12, tzinfo=UTC)
DELIVERED = datetime(2026, 3, 4, 15, tzinfo=UTC)
NOW = datetime(2026, 3, 6, 9, tzinfo=UTC)


def an_order(**changes: Any) -> ReturnableOrder:
    """Return a delivered order of two lamps at $24.50 and a cup at $10.50, with delivery at $5.99."""
    values: dict[str, Any] = {
        "order_id": "order-1",
        "user_id": "ada",
        "order_number": "2A3C4D5E6F",
        "lines": [
            Line(product_id="lamp", name="Lamp", quantity=2, unit_price=Money(amount=2450)),
            Line(product_id="cup", name="Cup", quantity=1, unit_price=Money(amount=1050)),
        ],
        "shipping": Money(amount=599),
        "total": Money(amount=6549),
        "is_cancelled": False,
        "placed_at": PLACED,
        "delivered_at": DELIVERED,
    }
    return ReturnableOrder(**{**values, **changes})


def raised(dynamodb: "DynamoDBClient", table: str) -> list[str]:
    """Return the events in the outboxes of a table."""
    items = dynamodb.scan(TableName=table)["Items"]
    return sorted(entry.detail_type for item in items for entry in new_entries({}, item))


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request")) as context:
        yield context


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb")
        for table, key in (("Returns", "returnId"), ("Withdrawals", "withdrawalId")):
            own = {"Returns": ["status", "requestedAt"], "Withdrawals": ["unmatched", "confirmedAt"]}[table]
            names = [key, "userId", *own]
            indexes: list[Any] = [
                {
                    "IndexName": "userId-index",
                    "KeySchema": [{"AttributeName": "userId", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ]
            indexes.append(
                {
                    "IndexName": {"Returns": STATUS_INDEX, "Withdrawals": UNMATCHED_INDEX}[table],
                    "KeySchema": [
                        {"AttributeName": own[0], "KeyType": "HASH"},
                        {"AttributeName": own[1], "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            )
            client.create_table(
                TableName=table,
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
                GlobalSecondaryIndexes=indexes,
                BillingMode="PAY_PER_REQUEST",
            )
        yield client


@pytest.fixture
def store(dynamodb: "DynamoDBClient") -> ReturnsStore:
    return ReturnsStore(dynamodb, "Returns", "Withdrawals")

"""The tables of the chat in moto's DynamoDB, with a clock that stands still until a test moves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bus.context import Context, use_context
from bus.erased_users import ErasedUsers
from tests.unit.erased import TABLE as ERASED_USERS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLES: dict[str, tuple[tuple[str, str], ...]] = {
    "Connections": (("connectionId", "S"),),
    "ChatHistory": (("userId", "S"), ("timestamp", "N")),
    "Proposals": (("proposalId", "S"),),
    "Allowances": (("allowanceId", "S"),),
    "Tickets": (("ticketId", "S"),),
    ERASED_USERS: (("userId", "S"),),
}


@dataclass
class Clock:
    """The time of a test, in seconds since the epoch."""

    now: float = 1_795_000_020.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request")) as context:
        yield context


@pytest.fixture
def erased_users(dynamodb: "DynamoDBClient") -> ErasedUsers:
    return ErasedUsers(dynamodb, ERASED_USERS)


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    """One client a module: to make one takes longer than most tests."""
    with mock_aws():
        yield boto3.client("dynamodb")


@pytest.fixture
def dynamodb(client: "DynamoDBClient") -> Iterator["DynamoDBClient"]:
    """Empty tables, keyed as the stack makes them."""
    for name, keys in TABLES.items():
        wanted: dict[str, Any] = {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [
                {"AttributeName": key, "KeyType": kind} for (key, _), kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": kind} for key, kind in keys],
        }
        if name in ("Connections", "Proposals"):
            wanted["AttributeDefinitions"].append({"AttributeName": "userId", "AttributeType": "S"})
            wanted["GlobalSecondaryIndexes"] = [
                {
                    "IndexName": "userId-index",
                    "KeySchema": [{"AttributeName": "userId", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ]
        client.create_table(**wanted)
    yield client
    for name in TABLES:
        client.delete_table(TableName=name)

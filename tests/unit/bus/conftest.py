"""What the tests of the event library share: credentials of nobody, a request, and moto's DynamoDB."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from bus.clients import client
from bus.context import Context, use_context
from bus.log import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    MakeTable = Callable[[str, str], DynamoDBClient]

REQUEST = Context(correlation_id="the-request", causation_id="the-cause")


@pytest.fixture
def request_context() -> Iterator[Context]:
    """Enter the context of a request."""
    with use_context(REQUEST) as context:
        yield context


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> "Callable[[], list[dict[str, Any]]]":
    """Return what reads the lines that were logged since."""
    written = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", written)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture
def make_table() -> "Iterator[MakeTable]":
    """Return what makes an empty table of that name and key, and the client that reaches it."""
    client.cache_clear()
    with mock_aws():
        dynamodb: DynamoDBClient = client("dynamodb")

        def make(name: str, key: str) -> "DynamoDBClient":
            dynamodb.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
            return dynamodb

        yield make
    client.cache_clear()

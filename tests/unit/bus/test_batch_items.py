"""Many items are read and deleted within DynamoDB's limits, until every one of them was processed."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bus.attribute_values import to_item
from bus.batch_items import batch_delete, batch_get, batch_get_tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "Things"


class Throttled:
    """A DynamoDB that processes only a few of the items of each call."""

    def __init__(self, dynamodb: Any, processed: int) -> None:
        self.dynamodb = dynamodb
        self.processed = processed
        self.calls = 0

    def batch_get_item(self, RequestItems: Mapping[str, Any]) -> Any:  # noqa: N803 - botocore's
        self.calls += 1
        request = RequestItems[TABLE]
        now, later = request["Keys"][: self.processed], request["Keys"][self.processed :]
        response: Any = self.dynamodb.batch_get_item(RequestItems={TABLE: {**request, "Keys": now}})
        return {**response, "UnprocessedKeys": {TABLE: {**request, "Keys": later}} if later else {}}

    def batch_write_item(self, RequestItems: Mapping[str, Any]) -> Any:  # noqa: N803 - botocore's
        self.calls += 1
        now, later = RequestItems[TABLE][: self.processed], RequestItems[TABLE][self.processed :]
        response: Any = self.dynamodb.batch_write_item(RequestItems={TABLE: now})
        return {**response, "UnprocessedItems": {TABLE: later} if later else {}}


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb", "us-east-1")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def fill(dynamodb: "DynamoDBClient", count: int) -> list[dict[str, str]]:
    keys = [{"id": f"thing-{number}"} for number in range(count)]
    for key in keys:
        dynamodb.put_item(TableName=TABLE, Item=to_item(key))
    return keys


@pytest.mark.slow("writes more items than a call takes")
def test_more_items_are_read_than_a_call_takes(dynamodb: "DynamoDBClient") -> None:
    keys = fill(dynamodb, 101)

    found = list(batch_get(dynamodb, TABLE, [*keys, {"id": "unknown"}], ConsistentRead=True))

    assert sorted(item["id"]["S"] for item in found) == sorted(key["id"] for key in keys)


def test_without_keys_nothing_is_called(dynamodb: "DynamoDBClient") -> None:
    throttled: Any = Throttled(dynamodb, 1)

    assert list(batch_get(throttled, TABLE, [])) == []
    batch_delete(throttled, TABLE, [])

    assert throttled.calls == 0


def test_unprocessed_keys_are_requested_again_after_a_pause(dynamodb: "DynamoDBClient") -> None:
    keys = fill(dynamodb, 7)
    throttled: Any = Throttled(dynamodb, 3)
    pauses: list[float] = []

    request = {TABLE: {"Keys": [to_item(key) for key in keys]}}
    found = list(batch_get_tables(throttled, request, pauses.append))

    assert len(found) == 7
    assert {table for table, _ in found} == {TABLE}
    assert (throttled.calls, len(pauses)) == (3, 2)


def test_unprocessed_deletes_are_sent_again_after_a_pause(dynamodb: "DynamoDBClient") -> None:
    keys = fill(dynamodb, 30)
    throttled: Any = Throttled(dynamodb, 20)
    pauses: list[float] = []

    batch_delete(throttled, TABLE, [to_item(key) for key in keys], pauses.append)

    assert list(batch_get(dynamodb, TABLE, keys)) == []
    assert (throttled.calls, len(pauses)) == (3, 1)

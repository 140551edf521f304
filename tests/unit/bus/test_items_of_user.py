"""The items of a person, page by page, and nobody else's."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from bus import items_of_user
from bus.attribute_values import to_item
from bus.cursor import InvalidCursorError, encode_cursor
from bus.items_of_user import USER_INDEX, read_page_of_user

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="Payments",
            KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "orderId", "AttributeType": "S"},
                {"AttributeName": "userId", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": USER_INDEX,
                    "KeySchema": [{"AttributeName": "userId", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        for number, user_id in enumerate(["ada", "bob", "ada", "ada"]):
            item = {"orderId": f"o{number}", "userId": user_id, "amount": number, "outbox": "[]"}
            client.put_item(TableName="Payments", Item=to_item(item))
        yield client


def test_all_pages_have_the_whole_items_of_one_person(
    dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items_of_user, "PAGE_SIZE", 2)

    first, cursor = read_page_of_user(dynamodb, "Payments", "orderId", "ada", None)
    assert cursor is not None
    second, _ = read_page_of_user(dynamodb, "Payments", "orderId", "ada", cursor)

    assert len(first) == 2
    assert sorted((item["orderId"], item["amount"]) for item in first + second) == [("o0", 0), ("o2", 2), ("o3", 3)]
    assert "outbox" not in first[0]


def test_the_cursor_of_another_person_leads_to_ones_own_items(dynamodb: "DynamoDBClient") -> None:
    foreign = encode_cursor(to_item({"orderId": "o0", "userId": "bob"}))

    items, _ = read_page_of_user(dynamodb, "Payments", "orderId", "ada", foreign)

    assert {item["userId"] for item in items} <= {"ada"}
    with pytest.raises(InvalidCursorError):
        read_page_of_user(dynamodb, "Payments", "orderId", "ada", "rubbish")

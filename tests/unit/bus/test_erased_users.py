"""The tombstones: an erasure is seen at once, remembered, and checked within a transaction."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from bus.erased_users import ErasedUsers
from tests.unit.erased import TABLE, create_erased_users, erase

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        yield boto3.client("dynamodb")


@pytest.fixture
def erased_users(dynamodb: "DynamoDBClient") -> ErasedUsers:
    return create_erased_users(dynamodb)


def test_an_erasure_is_seen_by_the_very_next_question(dynamodb: "DynamoDBClient", erased_users: ErasedUsers) -> None:
    assert not erased_users.includes("ada")

    erase(dynamodb, "ada")

    assert erased_users.includes("ada")
    assert not erased_users.includes("bob")


def test_only_an_erasure_is_remembered(dynamodb: "DynamoDBClient", erased_users: ErasedUsers) -> None:
    reads: list[dict[str, Any]] = []
    dynamodb.meta.events.register("provide-client-params.dynamodb.GetItem", lambda params, **_: reads.append(params))
    erase(dynamodb, "ada")

    for user_id in ("ada", "ada", "bob", "bob"):
        erased_users.includes(user_id)

    assert [read["Key"]["userId"]["S"] for read in reads] == ["ada", "bob", "bob"]
    assert all(read["ConsistentRead"] for read in reads)


def test_a_write_in_a_transaction_with_the_check_is_refused_after_the_erasure(
    dynamodb: "DynamoDBClient", erased_users: ErasedUsers
) -> None:
    check: Any = {"ConditionCheck": erased_users.absence_check("ada")}
    put: Any = {"Put": {"TableName": TABLE, "Item": {"userId": {"S": "something"}}}}
    dynamodb.transact_write_items(TransactItems=[check, put])
    erase(dynamodb, "ada")

    with pytest.raises(ClientError, match="TransactionCanceled"):
        dynamodb.transact_write_items(TransactItems=[check, put])

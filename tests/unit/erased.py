"""The tombstones of erased users in moto's DynamoDB, for the tests of all services."""

from typing import TYPE_CHECKING

from bus.erased_users import ErasedUsers

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "ErasedUsers"


def create_erased_users(dynamodb: "DynamoDBClient") -> ErasedUsers:
    """Create the table, empty, and return it."""
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "userId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "userId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return ErasedUsers(dynamodb, TABLE)


def erase(dynamodb: "DynamoDBClient", user_id: str) -> None:
    """Store a tombstone, as identity does."""
    put = ErasedUsers(dynamodb, TABLE).tombstone(user_id)
    dynamodb.put_item(TableName=TABLE, Item=put["Item"])

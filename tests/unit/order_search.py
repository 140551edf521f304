"""The entries by which staff finds orders, in moto's or the emulator's DynamoDB."""

from typing import TYPE_CHECKING

from services.orders.order_search import OrderSearch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "OrderSearch"


def create_order_search(dynamodb: "DynamoDBClient", table: str = TABLE) -> OrderSearch:
    """Create the table, empty, and return it."""
    dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "bucket", "KeyType": "HASH"}, {"AttributeName": "entry", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "bucket", "AttributeType": "S"},
            {"AttributeName": "entry", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return OrderSearch(dynamodb, table)

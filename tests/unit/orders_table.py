"""The Orders table, in moto's or the emulator's DynamoDB, and what a page of a list reads there."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.orders.store import STATUS_INDEX, USER_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "Orders"


def create_orders_table(dynamodb: "DynamoDBClient", table: str = TABLE) -> None:
    """Create the table with its indexes, empty."""
    dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}, {"AttributeName": "userId", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "orderId", "AttributeType": "S"},
            {"AttributeName": "userId", "AttributeType": "S"},
            {"AttributeName": "timestamp", "AttributeType": "N"},
            {"AttributeName": "status", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": USER_INDEX,
                "KeySchema": [
                    {"AttributeName": "userId", "KeyType": "HASH"},
                    {"AttributeName": "timestamp", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": STATUS_INDEX,
                "KeySchema": [
                    {"AttributeName": "status", "KeyType": "HASH"},
                    {"AttributeName": "timestamp", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
        ],
        BillingMode="PAY_PER_REQUEST",
    )


@dataclass
class Reads:
    """The reads of a client since it was watched, or cleared.

    Attributes:
        calls: the operations.
        items: how many items they have read, also those that no answer has.
    """

    calls: list[str] = field(default_factory=list)
    items: int = 0

    @classmethod
    def of(cls, dynamodb: "DynamoDBClient") -> "Reads":
        """Watch a client."""
        reads = cls()
        for operation in ("Query", "BatchGetItem", "GetItem", "Scan"):
            dynamodb.meta.events.register(f"after-call.dynamodb.{operation}", reads._take)
        return reads

    def clear(self) -> None:
        """Forget them."""
        self.calls.clear()
        self.items = 0

    def _take(self, model: Any, parsed: Any, **_: object) -> None:
        self.calls.append(model.name)
        self.items += parsed.get("ScannedCount", 0) + sum(map(len, parsed.get("Responses", {}).values()))

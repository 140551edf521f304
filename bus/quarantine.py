"""Where an event goes that its consumer cannot read: kept with the reason, in nobody's way."""

import time
from typing import TYPE_CHECKING

from bus.items import to_item
from bus.metric import count

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT_SECONDS = 90 * 24 * 3600


class Quarantine:
    """Keeps unreadable events in a table.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the quarantine table, keyed by ``quarantineId``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def put(self, *, consumer: str, message_id: str, body: str, reason: str) -> None:
        """Keep a message as it came. A second put of the same message changes nothing but its time."""
        now = int(time.time())
        self._dynamodb.put_item(
            TableName=self._table,
            Item=to_item(
                {
                    "quarantineId": f"{consumer}#{message_id}",
                    "consumer": consumer,
                    "reason": reason,
                    "body": body,
                    "quarantinedAt": now,
                    "expiresAt": now + KEPT_SECONDS,
                }
            ),
        )
        count("EventsQuarantined", consumer=consumer)

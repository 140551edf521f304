"""Where an event goes that its consumer cannot read: kept with the reason, in nobody's way."""

import hashlib
import json
import time
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bus.conditions import refused_item
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

    def put(self, *, consumer: str, body: str, reason: str) -> None:
        """Keep a message as it came. The same event again, be it replayed, changes nothing."""
        now = int(time.time())
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=to_item(
                    {
                        "quarantineId": f"{consumer}.{digest_of(body)}",
                        "consumer": consumer,
                        "reason": reason,
                        "body": body,
                        "quarantinedAt": now,
                        "expiresAt": now + KEPT_SECONDS,
                    }
                ),
                ConditionExpression="attribute_not_exists(quarantineId)",
            )
        except ClientError as error:
            refused_item(error)
            return
        count("EventsQuarantined", consumer=consumer)


def digest_of(body: str) -> str:
    """Return what tells a message from others; of an event only what its producer put, without EventBridge's id."""
    try:
        message = json.loads(body)
        body = json.dumps([message["source"], message["detail-type"], message["detail"]], sort_keys=True)
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return hashlib.sha256(body.encode(errors="surrogatepass")).hexdigest()[:16]

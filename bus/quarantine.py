"""The quarantine: stores invalid messages with the reason, so that they block no others.

``bus/consumer.py`` and ``bus/journal.py`` decide what is invalid.
"""

import hashlib
import json
import time
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bus.attribute_values import to_item
from bus.dynamodb_errors import failed_condition_item
from bus.metric import count

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

RETENTION_SECONDS = 90 * 24 * 3600


class Quarantine:
    """Stores invalid messages in a table.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the quarantine table, keyed by ``quarantineId``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def put(self, *, consumer: str, body: str, reason: str) -> None:
        """Store a message as it was delivered. The same event again, also in a replay, changes nothing.

        Parameters:
            consumer: name of the consumer that could not read it.
            body: of the message.
            reason: why it is invalid.
        """
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
                        "expiresAt": now + RETENTION_SECONDS,
                    }
                ),
                ConditionExpression="attribute_not_exists(quarantineId)",
            )
        except ClientError as error:
            failed_condition_item(error)
            return
        count("EventsQuarantined", consumer=consumer)


def digest_of(body: str) -> str:
    """Return the digest of a message; of an event only of what its producer put, without EventBridge's own id."""
    try:
        message = json.loads(body)
        body = json.dumps([message["source"], message["detail-type"], message["detail"]], sort_keys=True)
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return hashlib.sha256(body.encode(errors="surrogatepass")).hexdigest()[:16]

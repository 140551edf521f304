"""The inbox: an effect that cannot be undone, such as an e-mail, happens once for an event.

A record, keyed by consumer and ``eventId``, is claimed before the effect and completed after it. A claim whose owner
died can be taken over when its lease has expired: the effect may then happen twice, which is the price of never
losing it. The record outlives the archive, so that a replay finds it.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_attribute, to_item
from bus.dynamodb_errors import failed_condition_item
from bus.outbox import ATTRIBUTE, outbox
from schemas.event import Event

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

RETENTION_SECONDS = 400 * 24 * 3600
"""Longer than the archive, which keeps 365 days."""


class ClaimedError(Exception):
    """Another invocation holds the claim; the message has to be delivered again."""


class Inbox:
    """Claims on events in a table keyed by ``inboxId``.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table.
        consumer: name of the consumer.
        lease_seconds: how long the effect can take at the most: the function's timeout.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        consumer: str,
        lease_seconds: int = 60,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._consumer = consumer
        self._lease_seconds = lease_seconds
        self._now = now

    def claim(self, event_id: str) -> bool:
        """Claim an event; return False where it is completed already.

        Raises ClaimedError while another invocation holds the claim.
        """
        now = int(self._now())
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=to_item(
                    {
                        "inboxId": self._id(event_id),
                        "state": "CLAIMED",
                        "leaseUntil": now + self._lease_seconds,
                        "expiresAt": now + RETENTION_SECONDS,
                    }
                ),
                ConditionExpression="attribute_not_exists(inboxId) OR (#state = :claimed AND leaseUntil < :now)",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":claimed": to_attribute("CLAIMED"), ":now": to_attribute(now)},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if from_item(failed_condition_item(error))["state"] == "DONE":
                return False
            raise ClaimedError(event_id) from None
        return True

    def complete(self, event_id: str, *events: Event, **result: object) -> None:
        """Mark an event as completed.

        Parameters:
            event_id: the event.
            events: events that the effect raises, stored in the same write; the table then has an outbox relay.
            result: further attributes of the record.
        """
        values = {name: to_attribute(value) for name, value in result.items()}
        if events:
            values[ATTRIBUTE] = outbox(*events, sequence=1)
        self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"inboxId": self._id(event_id)}),
            UpdateExpression="SET " + ", ".join(["#state = :done", *(f"#{name} = :{name}" for name in values)]),
            ExpressionAttributeNames={"#state": "state", **{f"#{name}": name for name in values}},
            ExpressionAttributeValues={
                ":done": to_attribute("DONE"),
                **{f":{name}": value for name, value in values.items()},
            },
        )

    def release(self, event_id: str) -> None:
        """Release a claim whose effect did not happen, so that the next delivery need not wait for the lease.

        A completed record stays: another invocation may have taken the claim over and finished.
        """
        try:
            self._dynamodb.delete_item(
                TableName=self._table,
                Key=to_item({"inboxId": self._id(event_id)}),
                ConditionExpression="#state = :claimed",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":claimed": to_attribute("CLAIMED")},
            )
        except ClientError as error:
            failed_condition_item(error)

    def _id(self, event_id: str) -> str:
        return f"{self._consumer}#{event_id}"

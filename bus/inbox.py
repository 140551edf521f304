"""The inbox: what a consumer did once and cannot undo, such as an e-mail, is done once.

A record, keyed by consumer and ``eventId``, is claimed before the deed and marked after it. A claim
whose owner died is taken over when its lease has run out: the deed may then happen twice, which is
the price of it never being lost. The record outlives the archive, so that a replay finds it.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bus.conditions import refused_item
from bus.items import from_item, to_attribute, to_item
from bus.outbox import ATTRIBUTE, outbox
from schemas.event import Event

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT_SECONDS = 400 * 24 * 3600
"""The archive keeps 365 days."""


class BusyError(Exception):
    """Another invocation is at it right now; the message has to come again."""


class Inbox:
    """Claims on events in a table keyed by ``inboxId``.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table.
        consumer: whose inbox it is.
        lease_seconds: how long the deed can take at the most: the function's timeout.
        now: the time in seconds since the epoch; replaced in tests.
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
        """Claim the event; return False where it is done already. Raises BusyError while it is being done."""
        now = int(self._now())
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=to_item(
                    {
                        "inboxId": self._id(event_id),
                        "state": "CLAIMED",
                        "leaseUntil": now + self._lease_seconds,
                        "expiresAt": now + KEPT_SECONDS,
                    }
                ),
                ConditionExpression="attribute_not_exists(inboxId) OR (#state = :claimed AND leaseUntil < :now)",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":claimed": to_attribute("CLAIMED"), ":now": to_attribute(now)},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if from_item(refused_item(error))["state"] == "DONE":
                return False
            raise BusyError(event_id) from None
        return True

    def done(self, event_id: str, *raised: Event, **result: object) -> None:
        """Mark the event as done.

        Parameters:
            event_id: the event.
            raised: events that the deed raises, in the same write; the table then has an outbox relay.
            result: what is worth remembering of the deed.
        """
        values = {name: to_attribute(value) for name, value in result.items()}
        if raised:
            values[ATTRIBUTE] = outbox(*raised, sequence=1)
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
        """Give up a claim whose deed did not happen, so that the next delivery need not wait.

        What is done stays done: another invocation may have taken the claim over and finished.
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
            refused_item(error)

    def _id(self, event_id: str) -> str:
        return f"{self._consumer}#{event_id}"

"""The audit trail: who of the staff asked for the export or the erasure of whom, and when. Ids only.

A line is written before the action, so that none happens without it. It is kept as long as the tombstone of an erased
person.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from bus.attribute_values import from_item, to_item
from bus.erased_users import TOMBSTONE_SECONDS
from bus.settings import Settings
from schemas.contract import Contract, Identifier, Timestamp
from schemas.event import new_event_id

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

ActionName = Literal["EXPORT", "ERASURE"]
NEWEST = 50
"""Lines of a person that staff sees."""


class StaffActionSettings(Settings):
    """Environment of the function that acts for staff."""

    staff_actions_table: str


class StaffAction(Contract):
    """A line of the audit trail.

    Attributes:
        action: what staff asked for.
        actor: the staff member's user id.
        at: when.
    """

    action: ActionName
    actor: Identifier
    at: Timestamp


class StaffActionLog:
    """The lines by person.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table, keyed by ``userId`` and ``actionId``.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._now = now

    def record(self, user_id: str, action: ActionName, actor: str) -> None:
        """Record that staff is about to act on a person's data.

        Parameters:
            user_id: the person.
            action: what is asked for.
            actor: the staff member's user id.
        """
        line = StaffAction(action=action, actor=actor, at=datetime.fromtimestamp(self._now(), UTC))
        self._dynamodb.put_item(
            TableName=self._table,
            Item=to_item(
                {
                    "userId": user_id,
                    "actionId": new_event_id(),
                    **line.model_dump(mode="json"),
                    "expiresAt": int(self._now()) + TOMBSTONE_SECONDS,
                }
            ),
        )

    def list(self, user_id: str) -> "list[StaffAction]":
        """Return the newest lines about a person, the newest first."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues=to_item({":user": user_id}),
            ScanIndexForward=False,
            Limit=NEWEST,
            ConsistentRead=True,
        )
        return [StaffAction.model_validate(from_item(item), extra="ignore") for item in answer["Items"]]

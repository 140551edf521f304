"""The erased users: one tombstone a person, which every service consults and identity alone writes.

The tombstone is written with UserDeleted in one transaction, so it is there before any service hears of the erasure. A
token outlives its account by up to an hour, and messages about a person wait in queues for longer: whoever would answer
such a token, or store something under the id of a person, asks here first. An erasure is final, so what was found
erased is remembered; that a person was not erased is asked anew each time.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from bus.attribute_values import Item, to_item
from bus.clients import dynamodb
from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import ConditionCheckTypeDef, PutTypeDef

TOMBSTONE_SECONDS = 400 * 24 * 3600
"""Longer than the archive keeps events (365 days). A tombstone holds nothing but the id, which leads to nobody."""


class ErasedUsersSettings(Settings):
    """Environment of the functions that consult the tombstones."""

    erased_users_table: str


class ErasedUsers:
    """The tombstones.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table, keyed by ``userId``.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._now = now
        self._known: set[str] = set()

    def includes(self, user_id: str) -> bool:
        """Return whether a person was erased, by a consistent read."""
        if user_id in self._known:
            return True
        answer = self._dynamodb.get_item(TableName=self._table, Key=_key(user_id), ConsistentRead=True)
        if "Item" not in answer:
            return False
        self._known.add(user_id)
        return True

    def absence_check(self, user_id: str) -> "ConditionCheckTypeDef":
        """Return the check, for a transaction, that a person was not erased."""
        return {
            "TableName": self._table,
            "Key": _key(user_id),
            "ConditionExpression": "attribute_not_exists(userId)",
        }

    def tombstone(self, user_id: str) -> "PutTypeDef":
        """Return the write of a person's tombstone, for identity's transaction."""
        expires = int(self._now()) + TOMBSTONE_SECONDS
        return {"TableName": self._table, "Item": to_item({"userId": user_id, "expiresAt": expires})}


def erased_users() -> ErasedUsers:
    """Return the tombstones, the same ones each time; raises MissingSettingError without ``ERASED_USERS_TABLE``."""
    return _of_table(ErasedUsersSettings.load().erased_users_table)


@cache
def _of_table(table: str) -> ErasedUsers:
    return ErasedUsers(dynamodb(), table)


def _key(user_id: str) -> Item:
    return to_item({"userId": user_id})

"""The ChatHistory table: the turns of all conversations, by shopper and time."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_delete
from bus.dynamodb_errors import failed_condition_item
from bus.settings import Settings
from schemas.websocket import Source
from services.chat.domain import ConversationTurn, Ending, Role

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

RETENTION_SECONDS = 90 * 24 * 3600
VISITOR_RETENTION_SECONDS = 24 * 3600
PAGE = 60
"""Turns that are read back, those of the shopper's other conversations included."""


class HistorySettings(Settings):
    """The table of the conversations."""

    chat_history_table: str


class ConversationStore:
    """All conversations.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the ChatHistory table, keyed by ``userId`` and ``timestamp`` (microseconds since the epoch).
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._now = now

    def add(self, history_id: str, turn: ConversationTurn) -> bool:
        """Store a turn.

        Parameters:
            history_id: key of the conversation, from ``ChatUser.history_id``.
            turn: the turn.

        Returns:
            False if there is a turn of the same time already; a repeated event is stored once.
        """
        retention = VISITOR_RETENTION_SECONDS if history_id.startswith("visitor#") else RETENTION_SECONDS
        item: dict[str, object] = {
            "userId": history_id,
            "timestamp": _microseconds(turn.at),
            "role": turn.role,
            "text": turn.text,
            "ending": turn.ending,
            "productIds": list(turn.product_ids),
            "sources": [source.model_dump() for source in turn.sources],
            "expiresAt": int(self._now()) + retention,
            **({"conversationId": turn.conversation_id} if turn.conversation_id else {}),
        }
        try:
            self._dynamodb.put_item(
                TableName=self._table, Item=to_item(item), ConditionExpression="attribute_not_exists(userId)"
            )
        except ClientError as error:
            failed_condition_item(error)
            return False
        return True

    def list_conversation(self, history_id: str, conversation_id: str) -> list[ConversationTurn]:
        """Return the last turns of a conversation, and its shopper's events since it began, oldest first."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues=to_item({":user": history_id}),
            ScanIndexForward=False,
            Limit=PAGE,
            ConsistentRead=True,
        )
        turns = [_turn(from_item(item)) for item in reversed(answer["Items"])]
        relevant = [turn for turn in turns if turn.conversation_id in (conversation_id, None)]
        first = next((turn.at for turn in relevant if turn.conversation_id), None)
        # Earlier changes of an order are left to the tools.
        return [turn for turn in relevant if first is not None and turn.at >= first]

    def list_all(self, user_id: str) -> list[ConversationTurn]:
        """Return all turns of a shopper, oldest first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues=to_item({":user": user_id}),
        )
        return [_turn(from_item(item)) for page in pages for item in page["Items"]]

    def delete_all(self, user_id: str) -> None:
        """Delete all turns of a shopper."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues=to_item({":user": user_id}),
            ProjectionExpression="userId, #timestamp",
            ExpressionAttributeNames={"#timestamp": "timestamp"},
            ConsistentRead=True,
        )
        keys = [key for page in pages for key in page["Items"]]
        batch_delete(self._dynamodb, self._table, keys)


def _microseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def _turn(item: Mapping[str, Any]) -> ConversationTurn:
    seconds, microseconds = divmod(item["timestamp"], 1_000_000)
    return ConversationTurn(
        role=Role(item["role"]),
        at=datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds),
        text=item["text"],
        conversation_id=item.get("conversationId"),
        ending=Ending(item["ending"]),
        product_ids=item["productIds"],
        sources=[Source.model_validate(source) for source in item["sources"]],
    )

"""The ChatHistory table: what was said, by shopper and time."""

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
from services.chat.domain import Ending, Role, Turn

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT_SECONDS = 90 * 24 * 3600
KEPT_SECONDS_OF_VISITORS = 24 * 3600
PAGE = 60
"""Turns that are read back, those of a shopper's other conversations among them."""


class HistorySettings(Settings):
    """Where conversations are kept."""

    chat_history_table: str


class ChatHistory:
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

    def add(self, history_id: str, turn: Turn) -> bool:
        """Keep a turn; False where the same moment has one already: an event that comes again is kept once.

        Parameters:
            history_id: the shopper, or the conversation of a visitor.
            turn: what was said.
        """
        kept = KEPT_SECONDS_OF_VISITORS if history_id.startswith("visitor#") else KEPT_SECONDS
        item: dict[str, object] = {
            "userId": history_id,
            "timestamp": _microseconds(turn.at),
            "role": turn.role,
            "text": turn.text,
            "ending": turn.ending,
            "productIds": list(turn.product_ids),
            "sources": [source.model_dump() for source in turn.sources],
            "expiresAt": int(self._now()) + kept,
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

    def of_conversation(self, history_id: str, conversation_id: str) -> list[Turn]:
        """Return the last turns of a conversation with the events of its shopper, the oldest first."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues=to_item({":user": history_id}),
            ScanIndexForward=False,
            Limit=PAGE,
            ConsistentRead=True,
        )
        turns = [_turn(from_item(item)) for item in reversed(answer["Items"])]
        wanted = [turn for turn in turns if turn.conversation_id in (conversation_id, None)]
        first = next((turn.at for turn in wanted if turn.conversation_id), None)
        # What moved before the conversation began is for the tools to tell.
        return [turn for turn in wanted if first is not None and turn.at >= first]

    def all_of(self, user_id: str) -> list[Turn]:
        """Return everything that is kept of a shopper, the oldest first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues=to_item({":user": user_id}),
        )
        return [_turn(from_item(item)) for page in pages for item in page["Items"]]

    def forget(self, user_id: str) -> None:
        """Delete everything that is kept of a shopper."""
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


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def _turn(item: Mapping[str, Any]) -> Turn:
    seconds, microseconds = divmod(item["timestamp"], 1_000_000)
    return Turn(
        role=Role(item["role"]),
        at=datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds),
        text=item["text"],
        conversation_id=item.get("conversationId"),
        ending=Ending(item["ending"]),
        product_ids=item["productIds"],
        sources=[Source.model_validate(source) for source in item["sources"]],
    )

"""The ChatHistory table: the turns of all conversations, by shopper and time."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_attribute, to_item
from bus.batch_items import batch_delete
from bus.cursor import decode_cursor, encode_cursor
from bus.dynamodb_errors import cancellation_reasons
from bus.erased_users import ErasedUsers
from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from bus.settings import Settings
from schemas.websocket import Source
from services.chat.domain import ConversationTurn, Ending, Role, ShopperErasedError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, QueryInputTypeDef, TransactWriteItemTypeDef

RETENTION_SECONDS = 90 * 24 * 3600
VISITOR_RETENTION_SECONDS = 24 * 3600
VISITOR_PREFIX = "visitor#"
CONDITION_FAILED = "ConditionalCheckFailed"
EXPORT_PAGE = 200
"""Turns of a page of an export."""
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
        erased_users: returns the tombstones of erased shoppers.
        now: the time in seconds since the epoch; replaced in tests.
        retry: how long a write that meets a conflict is retried.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        erased_users: Callable[[], ErasedUsers],
        now: Callable[[], float] = time.time,
        retry: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._erased_users = erased_users
        self._now = now
        self._retry = retry

    def add(self, history_id: str, turn: ConversationTurn) -> bool:
        """Store a turn.

        The tombstone of a shopper is checked in the write itself: an erasure deletes what is there after the tombstone,
        so that no turn can come after it.

        Parameters:
            history_id: key of the conversation, from ``ChatUser.history_id``.
            turn: the turn.

        Returns:
            False if there is a turn of the same time already; a repeated event is stored once.

        Raises ShopperErasedError, and RetriesExhaustedError.
        """
        is_visitor = history_id.startswith(VISITOR_PREFIX)
        retention = VISITOR_RETENTION_SECONDS if is_visitor else RETENTION_SECONDS
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
        put: PutTypeDef = {
            "TableName": self._table,
            "Item": to_item(item),
            "ConditionExpression": "attribute_not_exists(userId)",
        }
        writes: list[TransactWriteItemTypeDef] = [{"Put": put}]
        if not is_visitor:
            writes.append({"ConditionCheck": self._erased_users().absence_check(history_id)})

        def attempt() -> bool:
            try:
                self._dynamodb.transact_write_items(TransactItems=writes)
            except ClientError as error:
                turn_reason, *erased_reason = [reason["Code"] for reason in cancellation_reasons(error)]
                if CONDITION_FAILED in erased_reason:
                    raise ShopperErasedError(history_id) from None
                if turn_reason != CONDITION_FAILED:
                    raise ConflictError(history_id) from None
                return False
            return True

        return retry_on_conflict(attempt, self._retry)

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

    def list_page(self, user_id: str, cursor: str | None) -> tuple[list[ConversationTurn], str | None]:
        """Return a page of all turns of a shopper, oldest first, and the cursor of the next page.

        Parameters:
            user_id: the shopper.
            cursor: of the page; None for the first one.

        Raises InvalidCursorError.
        """
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": "userId = :user",
            "ExpressionAttributeValues": to_item({":user": user_id}),
            "Limit": EXPORT_PAGE,
        }
        if cursor:
            # The page is always of this shopper's turns, whatever the cursor says.
            start = decode_cursor(cursor, userId=str, timestamp=int)
            query["ExclusiveStartKey"] = {**start, "userId": to_attribute(user_id)}
        answer = self._dynamodb.query(**query)
        last = answer.get("LastEvaluatedKey")
        return [_turn(from_item(item)) for item in answer["Items"]], encode_cursor(last) if last else None

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
        for page in pages:
            # Page by page: a run that is cut short has deleted what it read, and the next one goes on from there.
            batch_delete(self._dynamodb, self._table, page["Items"])


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

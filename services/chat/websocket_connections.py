"""The Connections table, and messages over the connections. A connection that turns out to be closed is removed."""

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_attribute, to_item
from bus.dynamodb_errors import cancellation_reasons, failed_condition_item
from bus.erased_users import ErasedUsers
from bus.items_of_user import USER_INDEX, read_page_of_user
from bus.optimistic_locking import ConflictError, retry_on_conflict
from bus.settings import Settings
from schemas.contract import Contract
from services.chat.domain import ShopperErasedError

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi.client import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

MAX_CONNECTION_SECONDS = 2 * 3600
"""Seconds after which API Gateway closes a connection; source: its quotas."""
ANSWER_LEASE_SECONDS = 90
"""Seconds after which an answer counts as dead, and the next question is accepted."""
CLOSED = ("GoneException", "BadRequestException")
"""What API Gateway answers for a connection that is closed, and for an id that no connection ever had."""
MAX_BYTES = 120_000
"""Bytes of one message; API Gateway accepts 128 KB."""


class ConnectionsTableSettings(Settings):
    """The table of the connections."""

    connections_table: str


class WebSocketSettings(ConnectionsTableSettings):
    """Settings of every function that uses connections."""

    websocket_api_id: str
    websocket_stage: str
    aws_region: str

    @property
    def callback_url(self) -> str:
        """The URL to which messages are posted; the emulator has one address for all services."""
        if emulator := os.environ.get("AWS_ENDPOINT_URL"):
            return f"{emulator}/_aws/execute-api/{self.websocket_api_id}/{self.websocket_stage}"
        return f"https://{self.websocket_api_id}.execute-api.{self.aws_region}.amazonaws.com/{self.websocket_stage}"


class ConnectionClosedError(Exception):
    """The connection is closed."""


class WebSocketConnections:
    """The open connections.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Connections table, keyed by ``connectionId``, with USER_INDEX.
        gateway: the client of the WebSocket API's management API.
        erased_users: returns the tombstones of erased shoppers.
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        gateway: "ApiGatewayManagementApiClient",
        erased_users: Callable[[], ErasedUsers],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._gateway = gateway
        self._erased_users = erased_users
        self._now = now

    def add(self, connection_id: str, user_id: str | None) -> None:
        """Store a connection. A visitor has no user id and receives no events.

        Raises ShopperErasedError: an erasure closes the connections that are there after the tombstone, so that none
        may be stored after it. Raises RetriesExhaustedError.
        """
        now = int(self._now())
        item: dict[str, object] = {
            "connectionId": connection_id,
            "connectedAt": now,
            "expiresAt": now + MAX_CONNECTION_SECONDS + 60,
            **({"userId": user_id} if user_id else {}),
        }
        writes: list[TransactWriteItemTypeDef] = [{"Put": {"TableName": self._table, "Item": to_item(item)}}]
        if user_id:
            writes.append({"ConditionCheck": self._erased_users().absence_check(user_id)})

        def attempt() -> None:
            try:
                self._dynamodb.transact_write_items(TransactItems=writes)
            except ClientError as error:
                if any(reason["Code"] == "ConditionalCheckFailed" for reason in cancellation_reasons(error)):
                    raise ShopperErasedError(user_id) from None
                raise ConflictError(connection_id) from None

        retry_on_conflict(attempt)

    def close(self, connection_id: str) -> None:
        """Close a connection and remove it, whether it is open or not."""
        try:
            self._gateway.delete_connection(ConnectionId=connection_id)
        except ClientError as error:
            if error.response["Error"]["Code"] not in CLOSED:
                raise
        self.remove(connection_id)

    def remove(self, connection_id: str) -> None:
        """Remove a connection, whether it is stored or not."""
        self._dynamodb.delete_item(TableName=self._table, Key=to_item({"connectionId": connection_id}))

    def ids_of_user(self, user_id: str) -> list[str]:
        """Return the ids of a shopper's open connections."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=USER_INDEX,
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues=to_item({":user": user_id}),
        )
        return [item["connectionId"]["S"] for page in pages for item in page["Items"]]

    def send(self, connection_id: str, message: Contract) -> None:
        """Send a message.

        Raises:
            ConnectionClosedError: the connection is closed; it is removed.
            ValueError: the message is longer than ``MAX_BYTES``.
        """
        data = message.model_dump_json().encode()
        if len(data) > MAX_BYTES:
            raise ValueError(f"a message of {len(data)} bytes")
        try:
            self._gateway.post_to_connection(ConnectionId=connection_id, Data=data)
        except ClientError as error:
            if error.response["Error"]["Code"] not in CLOSED:
                raise
            self.remove(connection_id)
            raise ConnectionClosedError(connection_id) from None

    def send_to_user(self, user_id: str, message: Contract) -> int:
        """Send a message to every open connection of a shopper; return how many were reached."""
        reached = 0
        for connection_id in self.ids_of_user(user_id):
            try:
                self.send(connection_id, message)
            except ConnectionClosedError:
                continue
            reached += 1
        return reached

    def begin_answer(self, connection_id: str, answer_id: str) -> bool:
        """Claim a connection for an answer, for at most ``ANSWER_LEASE_SECONDS``.

        Returns:
            False if another answer holds the connection.
        """
        now = int(self._now())
        values = {":answer": answer_id, ":until": now + ANSWER_LEASE_SECONDS, ":now": now}
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"connectionId": connection_id}),
                UpdateExpression="SET answerId = :answer, answerUntil = :until REMOVE stopped",
                ConditionExpression="attribute_exists(connectionId) AND "
                "(attribute_not_exists(answerId) OR answerUntil < :now)",
                ExpressionAttributeValues=to_item(values),
            )
        except ClientError as error:
            failed_condition_item(error)
            return False
        return True

    def end_answer(self, connection_id: str, answer_id: str) -> None:
        """Release a connection, if this answer still holds it."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"connectionId": connection_id}),
                UpdateExpression="REMOVE answerId, answerUntil, stopped",
                ConditionExpression="answerId = :answer",
                ExpressionAttributeValues=to_item({":answer": answer_id}),
            )
        except ClientError as error:
            failed_condition_item(error)

    def stop_answer(self, connection_id: str) -> bool:
        """Request the end of the answer on a connection; return False if there is none."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"connectionId": connection_id}),
                UpdateExpression="SET stopped = :yes",
                ConditionExpression="attribute_exists(answerId)",
                ExpressionAttributeValues={":yes": to_attribute(True)},
            )
        except ClientError as error:
            failed_condition_item(error)
            return False
        return True

    def is_stopped(self, connection_id: str, answer_id: str) -> bool:
        """Return whether an answer is to end: it was stopped, has lost its claim, or its connection is closed."""
        answer = self._dynamodb.get_item(
            TableName=self._table, Key=to_item({"connectionId": connection_id}), ConsistentRead=True
        )
        item = from_item(answer.get("Item", {}))
        return item.get("answerId") != answer_id or bool(item.get("stopped"))


def list_by_user(dynamodb: "DynamoDBClient", table: str, user_id: str) -> list[dict[str, Any]]:
    """Return a shopper's connections as they are stored: a page of them, and nobody has more.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Connections table.
        user_id: the shopper.
    """
    items, _ = read_page_of_user(dynamodb, table, "connectionId", user_id, cursor=None)
    return items

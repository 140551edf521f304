"""The Connections table, and what is sent over the connections. Those that turn out to be gone are forgotten."""

import os
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_attribute, to_item
from bus.clients import client, dynamodb
from bus.dynamodb_errors import failed_condition_item
from bus.settings import Settings
from schemas.contract import Contract

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi.client import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb.client import DynamoDBClient

USER_INDEX = "userId-index"
LONGEST_CONNECTION = 2 * 3600
"""API Gateway cuts a connection off after two hours; source: its quotas."""
LONGEST_ANSWER = 90
"""Seconds after which an answer counts as dead, and the next question is taken."""
MAX_BYTES = 120_000
"""Of one message; API Gateway takes 128 KB."""


class SocketSettings(Settings):
    """What the stack tells every function that has to do with connections."""

    connections_table: str
    websocket_api_id: str
    websocket_stage: str
    aws_region: str

    @property
    def callback_url(self) -> str:
        """Return where API Gateway takes what is to be sent; the emulator has one address for everything."""
        if emulator := os.environ.get("AWS_ENDPOINT_URL"):
            return f"{emulator}/_aws/execute-api/{self.websocket_api_id}/{self.websocket_stage}"
        return f"https://{self.websocket_api_id}.execute-api.{self.aws_region}.amazonaws.com/{self.websocket_stage}"


class GoneError(Exception):
    """Nobody is on the connection any more."""


class Sockets:
    """The open connections.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Connections table, keyed by ``connectionId``, with USER_INDEX.
        gateway: the client of the API behind the WebSocket.
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        gateway: "ApiGatewayManagementApiClient",
        now: Callable[[], float] = time.time,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._gateway = gateway
        self._now = now

    def open(self, connection_id: str, user_id: str | None) -> None:
        """Note a connection. A visitor's has no user, so no event is ever sent to it."""
        now = int(self._now())
        item: dict[str, object] = {
            "connectionId": connection_id,
            "connectedAt": now,
            "expiresAt": now + LONGEST_CONNECTION + 60,
            **({"userId": user_id} if user_id else {}),
        }
        self._dynamodb.put_item(TableName=self._table, Item=to_item(item))

    def forget(self, connection_id: str) -> None:
        """Forget a connection, whether it is known or not."""
        self._dynamodb.delete_item(TableName=self._table, Key=to_item({"connectionId": connection_id}))

    def of_user(self, user_id: str) -> list[str]:
        """Return the connections that a shopper has open."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=USER_INDEX,
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues=to_item({":user": user_id}),
        )
        return [item["connectionId"]["S"] for page in pages for item in page["Items"]]

    def send(self, connection_id: str, message: Contract) -> None:
        """Send a message; raises GoneError, after which the connection is forgotten."""
        data = message.model_dump_json().encode()
        if len(data) > MAX_BYTES:
            raise ValueError(f"a message of {len(data)} bytes")
        try:
            self._gateway.post_to_connection(ConnectionId=connection_id, Data=data)
        except ClientError as error:
            # The second is what API Gateway says of an id that none of its connections ever had.
            if error.response["Error"]["Code"] not in ("GoneException", "BadRequestException"):
                raise
            self.forget(connection_id)
            raise GoneError(connection_id) from None

    def send_to_user(self, user_id: str, message: Contract) -> int:
        """Send a message to every connection of a shopper; return how many are still there."""
        reached = 0
        for connection_id in self.of_user(user_id):
            try:
                self.send(connection_id, message)
            except GoneError:
                continue
            reached += 1
        return reached

    def begin_answer(self, connection_id: str, answer_id: str) -> bool:
        """Claim a connection for an answer; False where another one is being given on it.

        An answer whose function died does not hold the connection for longer than LONGEST_ANSWER.
        """
        now = int(self._now())
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"connectionId": connection_id}),
                UpdateExpression="SET answerId = :answer, answerUntil = :until REMOVE stopped",
                ConditionExpression="attribute_exists(connectionId) AND "
                "(attribute_not_exists(answerId) OR answerUntil < :now)",
                ExpressionAttributeValues=to_item({":answer": answer_id, ":until": now + LONGEST_ANSWER, ":now": now}),
            )
        except ClientError as error:
            failed_condition_item(error)
            return False
        return True

    def end_answer(self, connection_id: str, answer_id: str) -> None:
        """Give a connection free, if this answer still holds it."""
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

    def stop(self, connection_id: str) -> bool:
        """Ask the answer on a connection to end; False where none is being given."""
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
        """Say whether an answer is no longer wanted: it was stopped, or its connection is gone."""
        answer = self._dynamodb.get_item(
            TableName=self._table, Key=to_item({"connectionId": connection_id}), ConsistentRead=True
        )
        held = from_item(answer.get("Item", {}))
        return held.get("answerId") != answer_id or bool(held.get("stopped"))


@cache
def sockets() -> Sockets:
    """Return the connections of this process, by its environment."""
    settings = SocketSettings.load()
    gateway = client("apigatewaymanagementapi", endpoint_url=settings.callback_url)
    return Sockets(dynamodb(), settings.connections_table, gateway)

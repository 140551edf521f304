"""The ledger of stock: every change of the units in the warehouse, its cause, and who made it.

A write of stock carries its movement in the item itself, so no change can be without one. The table's stream brings
it to the ledger, which has a line for each sequence of a product, once however often the stream delivers.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, ValidationError

from bus.attribute_values import from_attribute, from_item, to_item
from bus.batch import BatchResponse
from bus.clients import client, dynamodb
from bus.cursor import decode_cursor, encode_cursor
from bus.log import logger
from bus.settings import Settings
from schemas.contract import Contract, Identifier, Timestamp
from services.inventory.causes import MovementKind

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class LedgerSettings(Settings):
    """Environment of the functions that read or write the ledger."""

    movements_table: str


class StreamSettings(Settings):
    """Environment of the function that reads the stream."""

    parking_queue_url: str


class Movement(Contract):
    """One change of the units of a product in the warehouse.

    Attributes:
        by: user id of the member of staff; None where an order moved them.
    """

    at: Timestamp
    kind: MovementKind
    change: int = Field(description="Units; negative where they left.")
    on_hand: int = Field(description="Units in the warehouse after it.")
    order_id: Identifier | None = None
    by: str | None = None
    reason: str | None = None
    note: str | None = None


class Ledger:
    """The table of movements.

    Parameters:
        dynamodb: the DynamoDB client.
        table: its name; the keys are ``productId`` and ``sequence``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def add(self, product_id: str, sequence: int, movement: Movement) -> None:
        """Store a movement; does nothing if the line is there."""
        line = movement.model_dump(mode="json", by_alias=True, exclude_none=True)
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=to_item({"productId": product_id, "sequence": sequence, **line}),
                ConditionExpression="attribute_not_exists(productId)",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            logger.info("a movement was delivered again", product_id=product_id)

    def list(self, product_id: str, limit: int, cursor: str | None) -> tuple[list[Movement], str | None]:
        """Return a page of the movements of a product, the newest first, and the cursor of the next page.

        Raises InvalidCursorError if the cursor is malformed.
        """
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "productId = :product",
            "ExpressionAttributeValues": to_item({":product": product_id}),
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            start = decode_cursor(cursor, sequence=int)
            query["ExclusiveStartKey"] = {**to_item({"productId": product_id}), **start}
        response = self._dynamodb.query(**query)
        movements = [Movement.model_validate(from_item(item), extra="ignore") for item in response["Items"]]
        last = response.get("LastEvaluatedKey")
        return movements, encode_cursor({"sequence": last["sequence"]}) if last else None


def read_movement(image: Mapping[str, Any]) -> tuple[str, int, Movement]:
    """Return the product, the sequence and the movement of a stock that was written; raises ValueError or KeyError."""
    told = json.loads(from_attribute(image["movement"]))
    at = datetime.fromtimestamp(told.pop("at") / 1000, UTC)
    movement = Movement.model_validate({**told, "at": at, "onHand": from_attribute(image["onHand"])})
    return from_attribute(image["productId"]), from_attribute(image["sequence"]), movement


def enter(records: Sequence[Mapping[str, Any]], ledger: Ledger, park: Callable[[str], object]) -> BatchResponse:
    """Store the movements of a stream's records, in their order.

    Parameters:
        records: of the Stock table, each with a movement.
        ledger: where they are stored.
        park: takes the text of a record that can never be stored.

    Returns:
        The partial batch response: the first record that was not stored, from which the stream delivers again.
    """
    for record in records:
        try:
            ledger.add(*read_movement(record["dynamodb"]["NewImage"]))
        except (ClientError, BotoCoreError):
            logger.exception("a movement is not stored; the stream will deliver it again")
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        except (ValidationError, ValueError, KeyError, TypeError) as error:
            logger.exception("a movement is parked", keys=record["dynamodb"].get("Keys"))
            park(json.dumps({"reason": repr(error), "record": record}))
    return {"batchItemFailures": []}


def handler(event: dict[str, Any], _context: object) -> BatchResponse:
    """Process a batch of the stream of Stock (the Lambda entry)."""
    ledger = Ledger(dynamodb(), LedgerSettings.load().movements_table)
    queue_url = StreamSettings.load().parking_queue_url
    return enter(
        event["Records"], ledger, lambda body: client("sqs").send_message(QueueUrl=queue_url, MessageBody=body)
    )

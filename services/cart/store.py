"""The Cart table: reads carts and writes their changes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_delete
from bus.dynamodb_errors import cancellation_reasons, failed_condition_item
from bus.optimistic_locking import ConflictError
from schemas.event import Event
from services.cart.cart_items import (
    HEADER,
    WATCHED,
    CartWriteBuilder,
    IdempotencyMarker,
    cart_from_items,
    to_milliseconds,
)
from services.cart.domain import Cart, CartLine

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

ACTIVITY_INDEX = "activity-index"
IDLE_PAGE = 100


class AlreadyAppliedError(Exception):
    """The order or merge was applied to the cart before.

    Attributes:
        left_out: the reasons of the lines that were not merged then, by product id.
    """

    def __init__(self, left_out: Mapping[str, str]) -> None:
        super().__init__()
        self.left_out = left_out


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


class CartStore:
    """The carts of all shoppers.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Cart table.
        now: returns the current time; replaced in tests.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], datetime] = utc_now) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self.now = now

    def get(self, user_id: str) -> Cart:
        """Return the cart of a shopper by a consistent read, an empty one if there is none; raises CartErasedError."""
        response = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="userId = :user AND productId >= :header",
            ExpressionAttributeValues=to_item({":user": user_id, ":header": HEADER}),
            ConsistentRead=True,
        )
        return cart_from_items(user_id, response["Items"])

    def add_line(self, cart: Cart, line: CartLine, max_quantity: int) -> None:
        """Add a line, or add units to the line of its product.

        Concurrent additions do not conflict: units are added to those stored at the time of the write.

        Parameters:
            cart: as it was read.
            line: the line with its new quantity.
            max_quantity: units of the product that the cart can hold.

        Raises ConflictError if it would hold more than ``max_quantity`` or too many lines, or if the
        line was added or removed, or the empty cart changed, since the cart was read.
        """
        writes = self._writes(cart)
        if not cart.lines:
            # The first line starts the cart, once: whoever comes second adds to what is there.
            after = replace(cart, lines={line.product_id: line})
            self._transact([writes.put_new_line(line), writes.advance_header(cart, after)])
        elif line.product_id in cart.lines:
            units = line.quantity - cart.quantity_of(line.product_id)
            self._transact([writes.add_units(line, units, max_quantity), writes.touch_header(new_lines=0)])
        else:
            self._transact([writes.put_new_line(line), writes.touch_header(new_lines=1)])

    def save(self, before: Cart, after: Cart, marker: IdempotencyMarker | None = None) -> None:
        """Write the difference between two states of a cart, with a marker, all or nothing.

        An unchanged cart is not written, unless an order was removed from it.

        Parameters:
            before: the cart as it was read.
            after: the cart as it has to be.
            marker: of the order or merge that makes the change.

        Raises ConflictError if the cart has changed since it was read, and AlreadyAppliedError if
        the marker exists.
        """
        writes = self._writes(before)
        changes = [writes.delete_line(product_id) for product_id in before.lines.keys() - after.lines.keys()]
        changes += [writes.put_line(line) for line in after.lines.values() if line != before.lines.get(line.product_id)]
        if changes or after.last_order_id != before.last_order_id:
            changes.append(writes.advance_header(before, after))
        if marker:
            changes.insert(0, writes.put_marker(marker))
        if changes:
            self._transact(changes, has_marker=marker is not None)

    def stop_watching(self, cart: Cart, *events: Event) -> None:
        """Stop watching a cart and publish ``events`` with that write.

        Raises ConflictError if the cart has changed since it was read.
        """
        update: Any = self._writes(cart).stop_watching(cart, *events)
        try:
            self._dynamodb.update_item(**update)
        except ClientError as error:
            cancellation_reasons(error)
            raise ConflictError from None

    def idle_user_ids(self, touched_by: datetime) -> Iterator[str]:
        """Yield the ids of shoppers whose watched cart was last changed by ``touched_by``, the longest idle first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=ACTIVITY_INDEX,
            KeyConditionExpression="activity = :watched AND touchedAt <= :moment",
            ExpressionAttributeValues=to_item({":watched": WATCHED, ":moment": to_milliseconds(touched_by)}),
            PaginationConfig={"PageSize": IDLE_PAGE},
        )
        return (item["userId"]["S"] for page in pages for item in page["Items"])

    def erase(self, user_id: str) -> None:
        """Delete all that is stored of a shopper, and leave a tombstone. Idempotent.

        The tombstone is written first: a token that is still valid can then change nothing.
        """
        try:
            self._dynamodb.update_item(**CartWriteBuilder(self._table, user_id, self.now()).put_tombstone())
        except ClientError as error:
            failed_condition_item(error)
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues=to_item({":user": user_id}),
            ProjectionExpression="userId, productId",
            ConsistentRead=True,
        )
        keys = [key for page in pages for key in page["Items"] if from_item(key)["productId"] != HEADER]
        batch_delete(self._dynamodb, self._table, keys)

    def _writes(self, cart: Cart) -> CartWriteBuilder:
        return CartWriteBuilder(self._table, cart.user_id, self.now())

    def _transact(self, writes: "list[TransactWriteItemTypeDef]", *, has_marker: bool = False) -> None:
        try:
            self._dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            first, *_ = cancellation_reasons(error)
            if has_marker and first["Code"] == "ConditionalCheckFailed":
                raise AlreadyAppliedError(from_item(first["Item"])["leftOut"]) from None
            raise ConflictError from None

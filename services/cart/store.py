"""The Cart table: reads carts and writes their changes."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_delete
from bus.dynamodb_errors import cancellation_reasons, failed_condition_item
from bus.optimistic_locking import ConflictError
from schemas.event import Event
from services.cart.domain import Cart, CartLine
from services.cart.writes import HEADER, WATCHED, CartWrites, Mark, cart_of, milliseconds

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

ACTIVITY_INDEX = "activity-index"
IDLE_PAGE = 100


class MarkedError(Exception):
    """It was done before.

    Attributes:
        left_out: products that were not merged then, and why.
    """

    def __init__(self, left_out: Mapping[str, str]) -> None:
        super().__init__()
        self.left_out = left_out


def utc_now() -> datetime:
    """Return the moment it is."""
    return datetime.now(UTC)


class Carts:
    """The carts of all shoppers.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Cart table.
        now: the time; replaced in tests.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], datetime] = utc_now) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self.now = now

    def load(self, user_id: str) -> Cart:
        """Return the cart of a shopper as it is now; an empty one where there is none. Raises ErasedError."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="userId = :user AND productId >= :header",
            ExpressionAttributeValues=to_item({":user": user_id, ":header": HEADER}),
            ConsistentRead=True,
        )
        return cart_of(user_id, answer["Items"])

    def add(self, cart: Cart, line: CartLine, most: int) -> None:
        """Put a line in, or add to the one that is there.

        Concurrent adds do not hinder each other: units are added to those that are there by then.

        Parameters:
            cart: as it was read.
            line: as it is to be.
            most: units of the product that the cart may hold.

        Raises ConflictError where it would then hold more than ``most`` or too many lines, and
        where the line has come or gone since.
        """
        writes = self._writes(cart)
        if line.product_id in cart.lines:
            units = line.quantity - cart.quantity_of(line.product_id)
            self._transact([writes.add_units(line, units, most), writes.touch(new_lines=0)])
        else:
            self._transact([writes.put_new(line), writes.touch(new_lines=1)])

    def replace(self, before: Cart, after: Cart, mark: Mark | None = None) -> None:
        """Write the difference between two states of a cart, and a mark with it: all of it or nothing.

        A cart that differs in nothing is not written, but where an order was taken out of it.

        Raises ConflictError where the cart has changed since it was read, and MarkedError where the
        mark is there already.
        """
        writes = self._writes(before)
        changes = [writes.delete(product_id) for product_id in before.lines.keys() - after.lines.keys()]
        changes += [writes.put(line) for line in after.lines.values() if line != before.lines.get(line.product_id)]
        if changes or after.last_order_id != before.last_order_id:
            changes.append(writes.succeed(before, after))
        if mark:
            changes.insert(0, writes.mark(mark))
        if changes:
            self._transact(changes, marked=mark is not None)

    def close(self, cart: Cart, *events: Event) -> None:
        """Stop watching an idle cart, and raise what there is to say of it.

        Raises ConflictError where the cart has changed since it was read.
        """
        update: Any = self._writes(cart).close(cart, *events)
        try:
            self._dynamodb.update_item(**update)
        except ClientError as error:
            cancellation_reasons(error)
            raise ConflictError from None

    def idle_since(self, moment: datetime) -> Iterator[str]:
        """Yield the ids of shoppers whose watched cart was last touched then or before, the oldest first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=ACTIVITY_INDEX,
            KeyConditionExpression="activity = :watched AND touchedAt <= :moment",
            ExpressionAttributeValues=to_item({":watched": WATCHED, ":moment": milliseconds(moment)}),
            PaginationConfig={"PageSize": IDLE_PAGE},
        )
        return (item["userId"]["S"] for page in pages for item in page["Items"])

    def forget(self, user_id: str) -> None:
        """Delete all that is stored of a shopper but that they were erased.

        The tombstone comes first: whoever still has a token puts nothing into the cart after it.
        """
        try:
            self._dynamodb.update_item(**CartWrites(self._table, user_id, self.now()).erase())
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

    def _writes(self, cart: Cart) -> CartWrites:
        return CartWrites(self._table, cart.user_id, self.now())

    def _transact(self, writes: "list[TransactWriteItemTypeDef]", *, marked: bool = False) -> None:
        try:
            self._dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            first, *_ = cancellation_reasons(error)
            if marked and first["Code"] == "ConditionalCheckFailed":
                raise MarkedError(from_item(first["Item"])["leftOut"]) from None
            raise ConflictError from None

"""The items of the Cart table, and the writes that change them.

All items of a shopper have the same partition key, ``userId``. Their sort keys, ``productId``, are
in this order:

    !merge#<mergeId>, !order#<orderId>   marks: this merge, this order is dealt with
    #cart                                the header: counts the changes, knows the last one; a tombstone after erasure
    <productId>                          the lines; a product id starts with a letter or a digit

so that one Query from the header on reads a cart without the marks, of which there is one an order.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bus.attribute_values import Item, from_item, to_item
from bus.outbox import ATTRIBUTE, outbox
from schemas.contract import Money
from schemas.event import Event
from services.cart.domain import MAX_LINES, Cart, CartLine, ErasedError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

HEADER = "#cart"
WATCHED = "WATCHED"
"""Value of ``activity``, the key of the sparse index. One partition takes 1,000 changes a second."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOMBSTONE_SECONDS = 30 * 24 * 3600
"""Longer than any token of an erased account lives."""
MARKED_SECONDS = 400 * 24 * 3600
"""The archive keeps 365 days of what could be replayed."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Says that something was done to a cart, so that it is not done again.

    Attributes:
        key: its sort key.
        left_out: products that were not merged, and why.
    """

    key: str
    left_out: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_order(cls, order_id: str) -> "Mark":
        """Return the mark of an order whose units were taken out of the cart."""
        return cls(f"!order#{order_id}")

    @classmethod
    def of_merge(cls, merge_id: str, left_out: Mapping[str, str]) -> "Mark":
        """Return the mark of an anonymous cart that was merged."""
        return cls(f"!merge#{merge_id}", left_out)


def milliseconds(moment: datetime) -> int:
    """Return a moment in milliseconds since the epoch."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def moment(milliseconds: int) -> datetime:
    """Return the moment of milliseconds since the epoch."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def cart_of(user_id: str, items: Iterable[Mapping[str, Any]]) -> Cart:
    """Return the cart that a header and lines make; raises ErasedError where the header is a tombstone."""
    plain = ({name: value for name, value in item.items() if name != ATTRIBUTE} for item in items)
    read = {values["productId"]: values for values in map(from_item, plain)}
    header = read.pop(HEADER, {})
    if "erasedAt" in header:
        raise ErasedError
    return Cart(
        user_id=user_id,
        lines={
            product_id: CartLine(
                product_id=product_id,
                quantity=values["quantity"],
                seen_price=Money(**values["seenPrice"]),
                added_at=moment(values["addedAt"]),
            )
            for product_id, values in read.items()
        },
        sequence=header.get("sequence", 0),
        touched_at=moment(header["touchedAt"]) if header else None,
        watched="activity" in header,
        last_order_id=header.get("lastOrderId"),
    )


@dataclass(frozen=True, slots=True)
class CartWrites:
    """Makes the writes to one shopper's part of the table.

    Parameters:
        table: its name.
        user_id: the shopper.
        now: when the writes are made.
    """

    table: str
    user_id: str
    now: datetime

    def put(self, line: CartLine) -> "TransactWriteItemTypeDef":
        """Put a line, whatever was there."""
        return {"Put": {"TableName": self.table, "Item": self._line(line)}}

    def put_new(self, line: CartLine) -> "TransactWriteItemTypeDef":
        """Put a line if there is none of that product."""
        return {
            "Put": {
                "TableName": self.table,
                "Item": self._line(line),
                "ConditionExpression": "attribute_not_exists(productId)",
            }
        }

    def add_units(self, line: CartLine, units: int, most: int) -> "TransactWriteItemTypeDef":
        """Add units to a line that is there, if it then holds ``most`` at the most."""
        return self._update(
            line.product_id,
            "SET #quantity = #quantity + :units, #seenPrice = :price",
            "#quantity <= :room",
            {":units": units, ":price": line.seen_price.model_dump(), ":room": most - units},
        )

    def delete(self, product_id: str) -> "TransactWriteItemTypeDef":
        """Delete a line."""
        return {"Delete": {"TableName": self.table, "Key": self._key(product_id)}}

    def mark(self, mark: Mark) -> "TransactWriteItemTypeDef":
        """Put a mark if it is not there already; the refusal tells what is there."""
        values = {"leftOut": mark.left_out, "expiresAt": int(self.now.timestamp()) + MARKED_SECONDS}
        return {
            "Put": {
                "TableName": self.table,
                "Item": self._key(mark.key) | to_item(values),
                "ConditionExpression": "attribute_not_exists(productId)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def touch(self, new_lines: int) -> "TransactWriteItemTypeDef":
        """Count a change in the header, whatever else changes meanwhile, if there is room for new lines."""
        return self._update(
            HEADER,
            "SET #touchedAt = :now, #activity = :watched ADD #sequence :one, #lineCount :new",
            "attribute_not_exists(#erasedAt) AND (attribute_not_exists(#lineCount) OR #lineCount <= :room)",
            {
                ":now": milliseconds(self.now),
                ":watched": WATCHED,
                ":one": 1,
                ":new": new_lines,
                ":room": MAX_LINES - new_lines,
            },
        )

    def succeed(self, before: Cart, after: Cart) -> "TransactWriteItemTypeDef":
        """Count a change in the header, if nothing else has changed since the cart was read."""
        values: dict[str, object] = {
            ":now": milliseconds(self.now),
            ":count": len(after.lines),
            ":next": before.sequence + 1,
        }
        expression = "SET #touchedAt = :now, #lineCount = :count, #sequence = :next"
        if after.last_order_id != before.last_order_id:
            expression, values = f"{expression}, #lastOrderId = :order", values | {":order": after.last_order_id}
        if after.lines:
            expression, values = f"{expression}, #activity = :watched", values | {":watched": WATCHED}
        else:
            expression = f"{expression} REMOVE #activity"
        if before.sequence == 0:
            return self._update(HEADER, expression, "attribute_not_exists(#sequence)", values)
        return self._update(HEADER, expression, "#sequence = :seen", values | {":seen": before.sequence})

    def erase(self) -> "UpdateTypeDef":
        """Put a tombstone in place of the header, so that no change that was decided before is written after it."""
        update: UpdateTypeDef = self._update(
            HEADER,
            "SET #erasedAt = :now, #expiresAt = :expires ADD #sequence :one"
            " REMOVE #activity, #touchedAt, #lineCount, #lastOrderId",
            "attribute_not_exists(#erasedAt)",
            {
                ":now": milliseconds(self.now),
                ":expires": int(self.now.timestamp()) + TOMBSTONE_SECONDS,
                ":one": 1,
            },
        )["Update"]
        return update

    def close(self, cart: Cart, *events: Event) -> "UpdateTypeDef":
        """Stop watching a cart and raise what there is to say of it, if nothing has changed since it was read."""
        sequence = cart.sequence + 1
        told = ", #outbox = :outbox" if events else ""
        update: UpdateTypeDef = self._update(
            HEADER,
            f"SET #sequence = :next{told} REMOVE #activity",
            "#sequence = :seen",
            {":seen": cart.sequence, ":next": sequence},
        )["Update"]
        if events:
            update["ExpressionAttributeValues"] = {
                **update["ExpressionAttributeValues"],
                ":outbox": outbox(*events, sequence=sequence),
            }
        return update

    def _line(self, line: CartLine) -> Item:
        values = {
            "quantity": line.quantity,
            "seenPrice": line.seen_price.model_dump(),
            "addedAt": milliseconds(line.added_at),
        }
        return self._key(line.product_id) | to_item(values)

    def _key(self, sort_key: str) -> Item:
        return to_item({"userId": self.user_id, "productId": sort_key})

    def _update(
        self, sort_key: str, expression: str, condition: str, values: Mapping[str, object]
    ) -> "TransactWriteItemTypeDef":
        names = re.findall(r"#\w+", f"{expression} {condition}")
        return {
            "Update": {
                "TableName": self.table,
                "Key": self._key(sort_key),
                "UpdateExpression": expression,
                "ConditionExpression": condition,
                "ExpressionAttributeNames": {name: name[1:] for name in names},
                "ExpressionAttributeValues": to_item(values),
            }
        }

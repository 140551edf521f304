"""The items of the Cart table, and the requests that write them.

All items of a shopper have the same partition key, ``userId``. Their sort keys, ``productId``, are
in this order:

    !merge#<mergeId>, !order#<orderId>   markers: this merge, this order was applied
    #cart                                the header: number and time of the changes; a tombstone after erasure
    <productId>                          the lines; a product id starts with a letter or a digit

so that one Query from the header on reads a cart without its markers, of which each order adds one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bus.attribute_values import AttributeValue, Item, from_item, to_item
from bus.outbox import ATTRIBUTE, outbox
from schemas.cart import CartStarted
from schemas.contract import Money
from schemas.event import Event
from services.cart.domain import MAX_LINES, Cart, CartErasedError, CartLine

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

HEADER = "#cart"
WATCHED = "WATCHED"
"""Value of ``activity``, the key of the sparse index. Its one partition takes 1,000 changes a second."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOMBSTONE_SECONDS = 30 * 24 * 3600
"""How long a tombstone is kept: longer than any token of an erased account lives."""
MARKER_SECONDS = 400 * 24 * 3600
"""How long a marker is kept: longer than the archive (365 days), whose events can be replayed."""


@dataclass(frozen=True, slots=True)
class IdempotencyMarker:
    """An item that says that an order or merge was applied to a cart, so that it is not applied again.

    Attributes:
        key: its sort key.
        left_out: the reasons of the lines that were not merged, by product id.
    """

    key: str
    left_out: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def for_order(cls, order_id: str) -> "IdempotencyMarker":
        """Return the marker of an order whose units were removed from the cart."""
        return cls(f"!order#{order_id}")

    @classmethod
    def for_merge(cls, merge_id: str, left_out: Mapping[str, str]) -> "IdempotencyMarker":
        """Return the marker of an anonymous cart that was merged."""
        return cls(f"!merge#{merge_id}", left_out)


def to_milliseconds(time: datetime) -> int:
    """Return a time in milliseconds since the epoch."""
    return (time - EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(milliseconds: int) -> datetime:
    """Return the time of milliseconds since the epoch."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def cart_from_items(user_id: str, items: Iterable[Mapping[str, Any]]) -> Cart:
    """Return the cart of a header and lines; raises CartErasedError if the header is a tombstone."""
    plain = ({name: value for name, value in item.items() if name != ATTRIBUTE} for item in items)
    read = {values["productId"]: values for values in map(from_item, plain)}
    header = read.pop(HEADER, {})
    if "erasedAt" in header:
        raise CartErasedError
    return Cart(
        user_id=user_id,
        lines={
            product_id: CartLine(
                product_id=product_id,
                quantity=values["quantity"],
                seen_price=Money(**values["seenPrice"]),
                added_at=from_milliseconds(values["addedAt"]),
            )
            for product_id, values in read.items()
        },
        sequence=header.get("sequence", 0),
        touched_at=from_milliseconds(header["touchedAt"]) if header else None,
        watched="activity" in header,
        last_order_id=header.get("lastOrderId"),
    )


@dataclass(frozen=True, slots=True)
class CartWriteBuilder:
    """Builds the requests that write the items of one shopper.

    Parameters:
        table: its name.
        user_id: the shopper.
        now: the time of the writes.
    """

    table: str
    user_id: str
    now: datetime

    def put_line(self, line: CartLine) -> "TransactWriteItemTypeDef":
        """Put a line, unconditionally."""
        return {"Put": {"TableName": self.table, "Item": self._line(line)}}

    def put_new_line(self, line: CartLine) -> "TransactWriteItemTypeDef":
        """Put a line if there is none of its product."""
        return {
            "Put": {
                "TableName": self.table,
                "Item": self._line(line),
                "ConditionExpression": "attribute_not_exists(productId)",
            }
        }

    def add_units(self, line: CartLine, units: int, max_quantity: int) -> "TransactWriteItemTypeDef":
        """Add units to an existing line if it then has at most ``max_quantity``."""
        return self._update(
            line.product_id,
            "SET #quantity = #quantity + :units, #seenPrice = :price",
            "#quantity <= :room",
            {":units": units, ":price": line.seen_price.model_dump(), ":room": max_quantity - units},
        )

    def delete_line(self, product_id: str) -> "TransactWriteItemTypeDef":
        """Delete a line."""
        return {"Delete": {"TableName": self.table, "Key": self._key(product_id)}}

    def put_marker(self, marker: IdempotencyMarker) -> "TransactWriteItemTypeDef":
        """Put a marker if it does not exist; the error of the request has the existing one."""
        values = {"leftOut": marker.left_out, "expiresAt": int(self.now.timestamp()) + MARKER_SECONDS}
        return {
            "Put": {
                "TableName": self.table,
                "Item": self._key(marker.key) | to_item(values),
                "ConditionExpression": "attribute_not_exists(productId)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def touch_header(self, new_lines: int) -> "TransactWriteItemTypeDef":
        """Count a change in the header if there is room for the new lines, whatever else has changed."""
        return self._update(
            HEADER,
            "SET #touchedAt = :now, #activity = :watched ADD #sequence :one, #lineCount :new REMOVE #outbox",
            "attribute_not_exists(#erasedAt) AND (attribute_not_exists(#lineCount) OR #lineCount <= :room)",
            {
                ":now": to_milliseconds(self.now),
                ":watched": WATCHED,
                ":one": 1,
                ":new": new_lines,
                ":room": MAX_LINES - new_lines,
            },
        )

    def advance_header(self, before: Cart, after: Cart) -> "TransactWriteItemTypeDef":
        """Count a change in the header if nothing has changed since the cart was read.

        The first line of an empty cart raises CartStarted. Every other change empties the outbox, so that it does not
        wake the relay.
        """
        sequence = before.sequence + 1
        values: dict[str, object] = {":now": to_milliseconds(self.now), ":count": len(after.lines), ":next": sequence}
        sets, removed = ["#touchedAt = :now", "#lineCount = :count", "#sequence = :next"], []
        if after.last_order_id != before.last_order_id:
            sets.append("#lastOrderId = :order")
            values[":order"] = after.last_order_id
        if after.lines:
            sets.append("#activity = :watched")
            values[":watched"] = WATCHED
        else:
            removed.append("#activity")
        raised = {}
        if after.lines and not before.lines:
            sets.append("#outbox = :outbox")
            started = CartStarted(user_id=self.user_id, started_at=self.now)
            raised = {":outbox": outbox(started, sequence=sequence)}
        else:
            removed.append("#outbox")
        expression = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removed)}" if removed else "")
        if before.sequence == 0:
            return self._update(HEADER, expression, "attribute_not_exists(#sequence)", values, raised)
        return self._update(HEADER, expression, "#sequence = :seen", values | {":seen": before.sequence}, raised)

    def put_tombstone(self) -> "UpdateTypeDef":
        """Replace the header by a tombstone, so that no change decided before it is written after it."""
        update: UpdateTypeDef = self._update(
            HEADER,
            "SET #erasedAt = :now, #expiresAt = :expires ADD #sequence :one"
            " REMOVE #activity, #touchedAt, #lineCount, #lastOrderId, #outbox",
            "attribute_not_exists(#erasedAt)",
            {
                ":now": to_milliseconds(self.now),
                ":expires": int(self.now.timestamp()) + TOMBSTONE_SECONDS,
                ":one": 1,
            },
        )["Update"]
        return update

    def stop_watching(self, cart: Cart, *events: Event) -> "UpdateTypeDef":
        """Stop watching a cart and put ``events`` into its outbox if nothing has changed since it was read."""
        sequence = cart.sequence + 1
        update: UpdateTypeDef = self._update(
            HEADER,
            "SET #sequence = :next"
            + (", #outbox = :outbox REMOVE #activity" if events else " REMOVE #activity, #outbox"),
            "#sequence = :seen",
            {":seen": cart.sequence, ":next": sequence},
            {":outbox": outbox(*events, sequence=sequence)} if events else {},
        )["Update"]
        return update

    def _line(self, line: CartLine) -> Item:
        values = {
            "quantity": line.quantity,
            "seenPrice": line.seen_price.model_dump(),
            "addedAt": to_milliseconds(line.added_at),
        }
        return self._key(line.product_id) | to_item(values)

    def _key(self, sort_key: str) -> Item:
        return to_item({"userId": self.user_id, "productId": sort_key})

    def _update(
        self,
        sort_key: str,
        expression: str,
        condition: str,
        values: Mapping[str, object],
        raised: Mapping[str, AttributeValue] = MappingProxyType({}),
    ) -> "TransactWriteItemTypeDef":
        names = re.findall(r"#\w+", f"{expression} {condition}")
        return {
            "Update": {
                "TableName": self.table,
                "Key": self._key(sort_key),
                "UpdateExpression": expression,
                "ConditionExpression": condition,
                "ExpressionAttributeNames": {name: name[1:] for name in names},
                "ExpressionAttributeValues": to_item(values) | dict(raised),
            }
        }

"""The tables Stock and Reservations.

Every write is conditional on the ``sequence`` that was read. A concurrent second write raises
ConflictError; the caller reads and decides again, so an event never states a number that was not
written. A decision is written as a whole: in one transaction if it has more than one item.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import Item, from_item, to_attribute, to_item
from bus.batch_items import batch_get, batch_get_tables
from bus.cursor import decode_cursor, encode_cursor
from bus.dynamodb_errors import cancellation_reasons
from bus.optimistic_locking import ConflictError
from bus.outbox import ATTRIBUTE, outbox
from services.inventory.causes import Cause
from services.inventory.domain import (
    Adjustment,
    Hold,
    Reservation,
    ReservationChange,
    ReservationState,
    Snapshot,
    Stock,
    StockWrite,
    SupplyLevel,
    stock_changed,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

EXPIRY_INDEX = "state-holdExpiresAt-index"
LEVEL_INDEX = "level-productId-index"
MOVEMENT = "movement"
"""Attribute of a stock whose last write has changed its units: what moved, as a string, for the stream's filter."""
RETENTION_SECONDS = 400 * 24 * 3600
"""A reservation outlives the archive of events (365 days), so that a replayed order changes nothing."""


class InventoryStore:
    """The stocks and the reservations.

    Parameters:
        dynamodb: the DynamoDB client.
        stock_table: name of the table keyed by ``productId``.
        reservations_table: name of the table keyed by ``reservationId``, with EXPIRY_INDEX.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        stock_table: str,
        reservations_table: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._dynamodb = dynamodb
        self._stock_table = stock_table
        self._reservations_table = reservations_table
        self._now = now

    def read_snapshot(self, reservation_id: str, product_ids: Iterable[str] = ()) -> Snapshot:
        """Return a reservation with the stocks of the given products and of its own.

        Makes one call, and a second one only if the reservation has products that were not named.
        """
        wanted = set(product_ids)
        reservation, stocks = self._get(reservation_id, wanted)
        if further := reservation.lines.keys() - wanted:
            reservation, more = self._get(reservation_id, further)
            stocks |= more
        return Snapshot(reservation, stocks)

    def get_stock(self, product_id: str) -> Stock | None:
        """Return the stock of a product, None if it is unknown."""
        response = self._dynamodb.get_item(
            TableName=self._stock_table, Key=to_item({"productId": product_id}), ConsistentRead=True
        )
        return _stock(response["Item"]) if "Item" in response else None

    def get_stocks(self, product_ids: Iterable[str]) -> dict[str, Stock]:
        """Return the stocks by product id, without unknown products."""
        keys = [{"productId": product_id} for product_id in sorted(set(product_ids))]
        stocks = map(_stock, batch_get(self._dynamodb, self._stock_table, keys, ConsistentRead=True))
        return {stock.product_id: stock for stock in stocks}

    def create_stock(self, stock: Stock) -> bool:
        """Store the first stock of a product and publish StockChanged; return False if it has one already."""
        values = _stock_values(stock) | {"productId": to_attribute(stock.product_id)}
        first = Cause("FIRST", int(self._now() * 1000)).told()
        values[MOVEMENT] = to_attribute(json.dumps({**first, "change": stock.on_hand}))
        try:
            self._dynamodb.put_item(
                TableName=self._stock_table,
                Item={**values, ATTRIBUTE: outbox(stock_changed(stock), sequence=stock.sequence)},
                ConditionExpression="attribute_not_exists(productId)",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def write_change(self, change: ReservationChange) -> None:
        """Write a reservation and its stocks with their events, all or none; raises ConflictError."""
        put = self._reservation_put(change)
        if not change.stocks:
            _write(lambda: self._dynamodb.put_item(**put))
            return
        items: list[Any] = [{"Put": put}, *({"Update": self._stock_update(write)} for write in change.stocks)]
        _write(lambda: self._dynamodb.transact_write_items(TransactItems=items))

    def write_stock(self, write: StockWrite) -> None:
        """Write one stock with its event; raises ConflictError."""
        update = self._stock_update(write)
        _write(lambda: self._dynamodb.update_item(**update))

    def list_expired(self, now: int, limit: int) -> list[Reservation]:
        """Return at most ``limit`` held reservations that expired by ``now`` (milliseconds), the oldest first."""
        response = self._dynamodb.query(
            TableName=self._reservations_table,
            IndexName=EXPIRY_INDEX,
            KeyConditionExpression="#state = :held AND holdExpiresAt <= :now",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":held": to_attribute(ReservationState.HELD), ":now": to_attribute(now)},
            Limit=limit,
        )
        return [_reservation(item) for item in response["Items"]]

    def list_level(self, level: SupplyLevel, limit: int, cursor: str | None) -> tuple[list[Stock], str | None]:
        """Return a page of the stocks of a level by product id, and the cursor of the next page.

        The level is that of the last write. Raises InvalidCursorError if the cursor is malformed.
        """
        query: dict[str, Any] = {
            "TableName": self._stock_table,
            "IndexName": LEVEL_INDEX,
            "KeyConditionExpression": "#level = :level",
            "ExpressionAttributeNames": {"#level": "level"},
            "ExpressionAttributeValues": {":level": to_attribute(level)},
            "Limit": limit,
        }
        if cursor:
            query["ExclusiveStartKey"] = {**decode_cursor(cursor, productId=str), "level": to_attribute(level)}
        response = self._dynamodb.query(**query)
        ids = [item["productId"]["S"] for item in response["Items"]]
        stocks = self.get_stocks(ids)
        last = response.get("LastEvaluatedKey")
        following = encode_cursor({"productId": last["productId"]}) if last else None
        return [stocks[product_id] for product_id in ids if product_id in stocks], following

    def _get(self, reservation_id: str, product_ids: Iterable[str]) -> tuple[Reservation, dict[str, Stock]]:
        requests: dict[str, Any] = {
            self._reservations_table: {"Keys": [to_item({"reservationId": reservation_id})], "ConsistentRead": True}
        }
        if keys := [to_item({"productId": product_id}) for product_id in sorted(product_ids)]:
            requests[self._stock_table] = {"Keys": keys, "ConsistentRead": True}
        reservation = Reservation.unknown(reservation_id)
        stocks: dict[str, Stock] = {}
        for table, item in batch_get_tables(self._dynamodb, requests):
            if table == self._reservations_table:
                reservation = _reservation(item)
            else:
                stock = _stock(item)
                stocks[stock.product_id] = stock
        return reservation, stocks

    def _reservation_put(self, change: ReservationChange) -> dict[str, Any]:
        reservation = change.reservation
        item = to_item(
            {
                "reservationId": reservation.reservation_id,
                "state": reservation.state,
                "lines": reservation.lines,
                "sequence": reservation.sequence,
                "expiresAt": int(self._now()) + RETENTION_SECONDS,
            }
        )
        if reservation.returned:
            item["returned"] = to_attribute(reservation.returned)
        if reservation.expires_at is not None:
            item["holdExpiresAt"] = to_attribute(reservation.expires_at)
        if change.event:
            item[ATTRIBUTE] = outbox(change.event, sequence=reservation.sequence)
        put: dict[str, Any] = {"TableName": self._reservations_table, "Item": item}
        if reservation.sequence == 1:
            return {**put, "ConditionExpression": "attribute_not_exists(reservationId)"}
        return {
            **put,
            "ConditionExpression": "#sequence = :seen",
            "ExpressionAttributeNames": {"#sequence": "sequence"},
            "ExpressionAttributeValues": {":seen": to_attribute(reservation.sequence - 1)},
        }

    def _stock_update(self, write: StockWrite) -> dict[str, Any]:
        values, removed = _stock_values(write.after), []
        if write.event:
            values[ATTRIBUTE] = outbox(write.event, sequence=write.after.sequence)
        else:
            # Published by the write before; what stays would wake the relay for nothing.
            removed.append(ATTRIBUTE)
        if write.change or write.restated:
            cause = write.cause or Cause("OTHER", int(self._now() * 1000))
            values[MOVEMENT] = to_attribute(json.dumps({**cause.told(), "change": write.change}))
        else:
            # What the write before has moved is in the ledger; this one is another.
            removed.append(MOVEMENT)
        set_values = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        remove = f" REMOVE {', '.join(f'#{name}' for name in removed)}" if removed else ""
        return {
            "TableName": self._stock_table,
            "Key": to_item({"productId": write.after.product_id}),
            "UpdateExpression": set_values + remove,
            "ConditionExpression": "#sequence = :seen",
            "ExpressionAttributeNames": {f"#{name}": name for name in (*values, *removed)},
            "ExpressionAttributeValues": {
                ":seen": to_attribute(write.before.sequence),
                **{f":{name}": value for name, value in values.items()},
            },
        }


def _write(call: Callable[[], object]) -> None:
    try:
        call()
    except ClientError as error:
        cancellation_reasons(error)
        raise ConflictError from error


def _stock_values(stock: Stock) -> Item:
    holds = {holder: {"quantity": hold.quantity, "expiresAt": hold.expires_at} for holder, hold in stock.holds.items()}
    return to_item(
        {
            "onHand": stock.on_hand,
            "available": stock.available,
            "holds": holds,
            "sequence": stock.sequence,
            "level": SupplyLevel.of(stock.available),
            "adjustments": [_adjustment_value(each) for each in stock.adjustments],
        }
    )


def _stock(item: Mapping[str, Any]) -> Stock:
    values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
    return Stock(
        product_id=values["productId"],
        on_hand=values["onHand"],
        available=values["available"],
        holds={
            holder: Hold(quantity=hold["quantity"], expires_at=hold["expiresAt"])
            for holder, hold in values["holds"].items()
        },
        sequence=values["sequence"],
        adjustments=tuple(_adjustment(value) for value in values.get("adjustments", ())),
    )


def _adjustment_value(made: Adjustment) -> str | dict[str, str | int]:
    return made.key if made.change is None else {"key": made.key, "change": made.change}


def _adjustment(value: str | Mapping[str, Any]) -> Adjustment:
    """Read an adjustment; an earlier version has stored its key alone."""
    return Adjustment(value) if isinstance(value, str) else Adjustment(value["key"], value["change"])


def _reservation(item: Mapping[str, Any]) -> Reservation:
    values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
    return Reservation(
        reservation_id=values["reservationId"],
        state=ReservationState(values["state"]),
        lines=values["lines"],
        expires_at=values.get("holdExpiresAt"),
        sequence=values["sequence"],
        returned=values.get("returned", {}),
    )

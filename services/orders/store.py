"""The Orders table. An order is put once; every change names the sequence that it was derived from."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import Item, from_item, to_attribute, to_item
from bus.cursor import decode_cursor, encode_cursor
from bus.dynamodb_errors import cancellation_reasons, failed_condition_item
from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from bus.outbox import ATTRIBUTE, envelope_for, outbox, outbox_attribute
from bus.settings import Settings
from schemas.event import Envelope, Event
from schemas.payment import PaymentRefunded
from services.orders.domain import Change, Order

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import ConditionCheckTypeDef, PutTypeDef, QueryInputTypeDef

USER_INDEX = "userId-timestamp-index"
EARLY = "early#"
"""Begins the names of attributes that keep refunds of an order that is not there yet."""
KEPT_SECONDS = 400 * 24 * 3600
"""A refund whose order never comes outlives the archive of events (365 days)."""
REFUSED = "ConditionalCheckFailed"
KEPT: dict[str, Any] = {"Code": "None"}
TOMBSTONE = "!erased"
"""Stands for the order id where a shopper was erased; an order id has letters and digits."""
TOMBSTONE_SECONDS = 30 * 24 * 3600
"""Longer than an order waits in its queue or, until it is redriven, in the dead letters."""
PAGE = 50


class OrderSettings(Settings):
    """What the stack tells the functions of orders."""

    orders_table: str


class OrderStore:
    """Reads and writes orders.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Orders table, keyed by ``orderId`` and ``userId``.
        retry: how long a change that meets a conflict is retried.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, retry: RetryPolicy = DEFAULT_RETRY) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._retry = retry

    def put_once(self, order: Order, event: Event) -> bool:
        """Put a new order with its event; False where it is there already.

        Refunds that were noted before it came are applied to it, and told of with it. Where its shopper
        was erased before it came, its address is left out. Raises ContendedError.
        """
        noted: Mapping[str, Any] = {}

        def attempt() -> bool:
            nonlocal order, noted
            after, envelopes = order, [envelope_for(event, order.sequence)]
            for refund in _early_refunds(noted):
                after, refunded = after.refunded(refund, at=order.placed_at)
                envelopes.append(envelope_for(refunded, after.sequence))
            try:
                self._put(after, envelopes, noted)
            except ClientError as error:
                put, owner, *_ = [*cancellation_reasons(error), KEPT]
                if owner["Code"] == REFUSED:
                    # Erasure overtook the order: it is put without its address.
                    order = order.model_copy(update={"shipping_address": None})
                if put["Code"] == REFUSED:
                    noted = put["Item"]
                if "status" in noted:
                    return False
                raise ConflictError(order.order_id) from None
            return True

        return retry_on_conflict(attempt, self._retry)

    def note_early(self, refund: PaymentRefunded) -> bool:
        """Keep a refund of an order that is not there yet; False where the order is there.

        Most of these orders never come: their checkout has failed.
        """
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"orderId": refund.order_id, "userId": refund.user_id}),
                UpdateExpression="SET #early = :refund, expiresAt = :expires ADD #sequence :one",
                ConditionExpression="attribute_not_exists(#status) AND attribute_not_exists(#early)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                ExpressionAttributeNames={
                    "#early": f"{EARLY}{refund.refund_id}",
                    "#sequence": "sequence",
                    "#status": "status",
                },
                ExpressionAttributeValues=to_item(
                    {":refund": refund.model_dump_json(), ":expires": int(time.time()) + KEPT_SECONDS, ":one": 1}
                ),
            )
        except ClientError as error:
            return "status" not in failed_condition_item(error)
        return True

    def get(self, order_id: str, user_id: str) -> Order | None:
        """Return an order of a shopper; None where there is none, or it is another's."""
        answer = self._dynamodb.get_item(
            TableName=self._table, Key=to_item({"orderId": order_id, "userId": user_id}), ConsistentRead=True
        )
        return _read_if_placed(answer.get("Item", {}))

    def find(self, order_id: str) -> Order | None:
        """Return an order whoever's it is; for staff and events."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="orderId = :id",
            ExpressionAttributeValues=to_item({":id": order_id}),
            ConsistentRead=True,
            Limit=1,
        )
        return _read_if_placed(answer["Items"][0]) if answer["Items"] else None

    def of_user(self, user_id: str, limit: int, cursor: str | None) -> tuple[list[Order], str | None]:
        """Return a page of a shopper's orders, newest first, and the cursor of the next page.

        Raises InvalidCursorError.
        """
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "IndexName": USER_INDEX,
            "KeyConditionExpression": "userId = :user",
            "ExpressionAttributeValues": to_item({":user": user_id}),
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            # The page is always of this shopper's orders, whatever the cursor says.
            start = decode_cursor(cursor, orderId=str, userId=str, timestamp=int)
            query["ExclusiveStartKey"] = {**start, "userId": to_attribute(user_id)}
        answer = self._dynamodb.query(**query)
        last = answer.get("LastEvaluatedKey")
        return [_read(item) for item in answer["Items"]], encode_cursor(last) if last else None

    def all_of_user(self, user_id: str) -> Iterator[Order]:
        """Yield all orders of a shopper, newest first."""
        cursor: str | None = None
        while True:
            orders, cursor = self.of_user(user_id, PAGE, cursor)
            yield from orders
            if cursor is None:
                return

    def change(self, order: Order, rule: Callable[[Order], Change | None]) -> Order:
        """Apply a rule to an order and write what follows with its event; return the order after it.

        Where somebody else changed the order meanwhile, the rule is applied to the order as it is now.
        A rule returns None where there is nothing left to do.

        Raises what the rule raises, and ContendedError.
        """

        def attempt() -> Order:
            nonlocal order
            change = rule(order)
            if change is None:
                return order
            if self._replaced(order, *change):
                return change[0]
            order = self.find(order.order_id) or order
            raise ConflictError(order.order_id)

        return retry_on_conflict(attempt, self._retry)

    def note_erasure(self, user_id: str) -> None:
        """Note that a shopper was erased, so that an order of theirs that comes later is put without an address."""
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={**_tombstone_key(user_id), "expiresAt": to_attribute(int(time.time()) + TOMBSTONE_SECONDS)},
                ConditionExpression="attribute_not_exists(orderId)",
            )
        except ClientError as error:
            failed_condition_item(error)

    def forget_address(self, order: Order) -> None:
        """Remove where the parcel went: its owner asked for erasure."""
        self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"orderId": order.order_id, "userId": order.user_id}),
            UpdateExpression="REMOVE shippingAddress",
        )

    def _put(self, order: Order, envelopes: list[Envelope[Event]], noted: Mapping[str, Any]) -> None:
        item = {
            **_written(order),
            "timestamp": to_attribute(int(order.placed_at.timestamp() * 1000)),
            ATTRIBUTE: outbox_attribute(*envelopes),
        }
        put: PutTypeDef = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(orderId)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if noted:
            put["ConditionExpression"] = "attribute_not_exists(#status) AND #sequence = :seen"
            put["ExpressionAttributeNames"] = {"#status": "status", "#sequence": "sequence"}
            put["ExpressionAttributeValues"] = {":seen": noted["sequence"]}
        owner: ConditionCheckTypeDef = {
            "TableName": self._table,
            "Key": _tombstone_key(order.user_id),
            "ConditionExpression": "attribute_not_exists(orderId)",
        }
        if order.shipping_address is None:
            self._dynamodb.transact_write_items(TransactItems=[{"Put": put}])
        else:
            self._dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": owner}])

    def _replaced(self, before: Order, after: Order, event: Event) -> bool:
        values = {
            name: value
            for name, value in _written(after).items()
            if name in ("status", "history", "shipment", "refunds", "sequence")
        }
        values[ATTRIBUTE] = outbox(event, sequence=after.sequence)
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"orderId": before.order_id, "userId": before.user_id}),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                ConditionExpression="#sequence = :seen AND #status = :from",
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={
                    **{f":{name}": value for name, value in values.items()},
                    **to_item({":seen": before.sequence, ":from": before.status}),
                },
            )
        except ClientError as error:
            cancellation_reasons(error)
            return False
        return True


def _written(order: Order) -> Item:
    return to_item(order.model_dump(mode="json", exclude_none=True))


def _tombstone_key(user_id: str) -> Item:
    return to_item({"orderId": TOMBSTONE, "userId": user_id})


def _early_refunds(noted: Mapping[str, Any]) -> list[PaymentRefunded]:
    written = [value["S"] for name, value in sorted(noted.items()) if name.startswith(EARLY)]
    return [PaymentRefunded.model_validate_json(refund) for refund in written]


def _read_if_placed(item: Mapping[str, Any]) -> Order | None:
    return _read(item) if "status" in item else None


def _read(item: Mapping[str, Any]) -> Order:
    values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
    return Order.model_validate(values, extra="ignore")

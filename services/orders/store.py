"""The Orders table. An order is created once; every update is conditional on the sequence that it was derived from.

Where a refund arrives before its order, a placeholder in the order's place holds it. It has no ``status``, and is
replaced by the order.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import Item, from_item, to_attribute, to_item
from bus.batch_items import batch_get
from bus.cursor import InvalidCursorError, decode_cursor, encode_cursor
from bus.dynamodb_errors import cancellation_reasons, failed_condition_item
from bus.erased_users import ErasedUsers
from bus.log import logger
from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from bus.outbox import ATTRIBUTE, envelope_for, outbox, outbox_attribute
from bus.settings import Settings
from schemas.event import Envelope, Event
from schemas.order_number import order_number, typed_order_number
from schemas.payment import PaymentRefunded, PaymentRefundedV2
from services.orders.domain import Order, OrderChange
from services.orders.order_record import OrderMismatchError
from services.orders.order_search import KeyPage, OrderKey, OrderSearch
from services.orders.statuses import OrderStatus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, QueryInputTypeDef, TransactWriteItemTypeDef

USER_INDEX = "userId-timestamp-index"
STATUS_INDEX = "status-timestamp-index"
EARLY_REFUND_PREFIX = "early#"
"""Prefix of the attributes that hold refunds of an order that is not placed yet."""
EARLY_REFUND_SECONDS = 400 * 24 * 3600
"""How long such refunds are kept: longer than the archive keeps events (365 days)."""
CONDITION_FAILED = "ConditionalCheckFailed"
NOT_FAILED: dict[str, Any] = {"Code": "None"}
PAGE_SIZE = 100
"""Orders that are read at once where all of a shopper's are needed."""
CHANGED_ATTRIBUTES = ("status", "history", "parcels", "refunds", "refundedTax", "refundRequests", "sequence")
"""What a change of an order may write."""
PERSONAL_ATTRIBUTES = ("shippingAddress", "email", "refundNotes")
"""What erasure removes from an order."""


class OrderSettings(Settings):
    """Environment of the functions that read or write orders."""

    orders_table: str


class OrderStore:
    """Reads and writes orders.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Orders table, keyed by ``orderId`` and ``userId``.
        search: returns the entries by which staff finds orders.
        erased_users: returns the tombstones of erased shoppers.
        retry: how long a write that meets a conflict is retried.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        search: Callable[[], OrderSearch],
        erased_users: Callable[[], ErasedUsers],
        retry: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._search = search
        self._erased_users = erased_users
        self._retry = retry

    def create(self, order: Order, event: Event) -> bool:
        """Store a new order with its event; return False where it exists already.

        Early refunds are applied to it, with their events. Where its shopper was erased before, it is stored without
        its address and cancelled, with that event too, so that its payment is refunded. Raises RetriesExhaustedError.

        Parameters:
            order: the new order.
            event: its OrderPlaced.
        """
        placeholder: Mapping[str, Any] = {}

        def attempt() -> bool:
            nonlocal order, placeholder
            after, envelopes = order, [envelope_for(event, order.sequence)]
            if order.shipping_address is None and (cancellation := order.cancelled_for_erasure(order.placed_at)):
                after, cancelled = cancellation
                envelopes.append(envelope_for(cancelled, after.sequence))
            for refund in _early_refunds(placeholder):
                try:
                    after.require_refund(refund)
                except OrderMismatchError:
                    logger.exception("an early refund is not of this order", refund_id=refund.refund_id)
                    continue
                after, refunded = after.refunded(refund, at=order.placed_at)
                envelopes.append(envelope_for(refunded, after.sequence))
            try:
                self._put(after, envelopes, placeholder)
            except ClientError as error:
                put, tombstone, *_ = [*cancellation_reasons(error), NOT_FAILED]
                if tombstone["Code"] == CONDITION_FAILED:
                    order = order.model_copy(update={"shipping_address": None, "email": None})
                if put["Code"] == CONDITION_FAILED:
                    placeholder = put["Item"]
                if "status" in placeholder:
                    return False
                raise ConflictError(order.order_id) from None
            return True

        return retry_on_conflict(attempt, self._retry)

    def record_early_refund(self, refund: PaymentRefundedV2) -> bool:
        """Store a refund of an order that is not placed yet, in the order's place; return False where it is placed.

        Most of these orders are never placed: their checkout has failed.
        """
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"orderId": refund.order_id, "userId": refund.user_id}),
                UpdateExpression="SET #early = :refund, expiresAt = :expires ADD #sequence :one",
                ConditionExpression="attribute_not_exists(#status) AND attribute_not_exists(#early)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                ExpressionAttributeNames={
                    "#early": f"{EARLY_REFUND_PREFIX}{refund.refund_id}",
                    "#sequence": "sequence",
                    "#status": "status",
                },
                ExpressionAttributeValues=to_item(
                    {
                        ":refund": refund.model_dump_json(),
                        ":expires": int(time.time()) + EARLY_REFUND_SECONDS,
                        ":one": 1,
                    }
                ),
            )
        except ClientError as error:
            return "status" not in failed_condition_item(error)
        return True

    def get(self, order_id: str, user_id: str) -> Order | None:
        """Return an order of a shopper; None where there is none, or it is another shopper's."""
        answer = self._dynamodb.get_item(
            TableName=self._table, Key=to_item({"orderId": order_id, "userId": user_id}), ConsistentRead=True
        )
        return _placed_order(answer.get("Item", {}))

    def find(self, order_id: str) -> Order | None:
        """Return an order of any shopper, for staff and events; None where there is none."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="orderId = :id",
            ExpressionAttributeValues=to_item({":id": order_id}),
            ConsistentRead=True,
            Limit=1,
        )
        return _placed_order(answer["Items"][0]) if answer["Items"] else None

    def list_by_user(self, user_id: str, limit: int, cursor: str | None) -> tuple[list[Order], str | None]:
        """Return a page of a shopper's orders, newest first, and the cursor of the next page.

        Parameters:
            user_id: the shopper.
            limit: how many orders to return at most.
            cursor: of the page; None for the first one.

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
        return [_order(item) for item in answer["Items"]], encode_cursor(last) if last else None

    def iter_by_user(self, user_id: str) -> Iterator[Order]:
        """Yield all orders of a shopper, newest first."""
        cursor: str | None = None
        while True:
            orders, cursor = self.list_by_user(user_id, PAGE_SIZE, cursor)
            yield from orders
            if cursor is None:
                return

    def list_by_status(self, status: OrderStatus, from_ms: int, to_ms: int, limit: int, cursor: str | None) -> KeyPage:
        """Return the keys of a page of the orders that have a status, the newest first.

        Parameters:
            status: the status.
            from_ms: only orders placed at that millisecond since the epoch, or later.
            to_ms: or earlier than this one, or at it.
            limit: how many at most.
            cursor: of the page; None for the first one.

        Raises InvalidCursorError.
        """
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "IndexName": STATUS_INDEX,
            "KeyConditionExpression": "#status = :status AND #timestamp BETWEEN :from AND :to",
            "ExpressionAttributeNames": {"#status": "status", "#timestamp": "timestamp"},
            "ExpressionAttributeValues": to_item({":status": status, ":from": from_ms, ":to": to_ms}),
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            start = decode_cursor(cursor, orderId=str, userId=str, status=str, timestamp=int)
            # DynamoDB refuses a start outside of what is queried: it is a cursor of another list.
            if start["status"] != to_attribute(status) or not from_ms <= int(start["timestamp"]["N"]) <= to_ms:
                raise InvalidCursorError(cursor)
            query["ExclusiveStartKey"] = start
        answer = self._dynamodb.query(**query)
        last = answer.get("LastEvaluatedKey")
        keys = [(OrderKey(item["orderId"]["S"], item["userId"]["S"]), encode_cursor(item)) for item in answer["Items"]]
        return KeyPage(keys, encode_cursor(last) if last else None)

    def get_all(self, keys: Iterable[OrderKey]) -> dict[OrderKey, Order]:
        """Return the orders of keys as they are now; what is not there is missing.

        Parameters:
            keys: each once; a hundred of them are one read.
        """
        wanted = [{"orderId": key.order_id, "userId": key.user_id} for key in keys]
        items = batch_get(self._dynamodb, self._table, wanted, ConsistentRead=True)
        orders = [_order(item) for item in items if "status" in item]
        return {OrderKey(order.order_id, order.user_id): order for order in orders}

    def find_named(self, user_id: str, name: str) -> Order | None:
        """Return the order of a shopper that an id or a typed number names; None where it is not theirs."""
        number = typed_order_number(name)
        if number is None:
            return self.get(name, user_id)
        return next((order for order in self.iter_by_user(user_id) if order_number(order.order_id) == number), None)

    def update(self, order: Order, rule: Callable[[Order], OrderChange | None]) -> Order:
        """Store the change that a rule makes, with its event; return the order after it.

        Parameters:
            order: as the caller has read it.
            rule: returns the change, or None where there is nothing to change. After a conflict it is applied again,
                to the order as it is then.

        Raises what the rule raises, and RetriesExhaustedError.
        """

        def attempt() -> Order:
            nonlocal order
            change = rule(order)
            if change is None:
                return order
            if self._replace(order, *change):
                return change[0]
            order = self.find(order.order_id) or order
            raise ConflictError(order.order_id)

        return retry_on_conflict(attempt, self._retry)

    def erase(self, order: Order) -> bool:
        """Remove the address of an order, and cancel what is still to be sent; return False where neither was needed.

        What is left of an order that was sent in part is refunded.

        Parameters:
            order: as the caller has read it, perhaps from the index, which lags.

        Raises RetriesExhaustedError.
        """
        after = self.update(order, _ended_for_erasure) if order.is_unsent else order
        if order.is_erased and after.sequence == order.sequence:
            return False
        # Of what the index has shown: it may be of before the last change, but never of another address.
        self.remove_address(order)
        return True

    def remove_address(self, order: Order) -> None:
        """Remove the address of an order, what staff wrote about it, and the entries by which its shopper is found.

        Parameters:
            order: with its address.

        Raises RetriesExhaustedError.
        """
        removal: TransactWriteItemTypeDef = {
            "Update": {
                "TableName": self._table,
                "Key": to_item({"orderId": order.order_id, "userId": order.user_id}),
                "UpdateExpression": "REMOVE " + ", ".join(PERSONAL_ATTRIBUTES),
            }
        }

        def attempt() -> None:
            try:
                self._dynamodb.transact_write_items(TransactItems=[removal, *self._search().personal_deletes(order)])
            except ClientError as error:
                cancellation_reasons(error)
                raise ConflictError(order.order_id) from None

        retry_on_conflict(attempt, self._retry)

    def make_findable(self, order: Order) -> None:
        """Write the entries by which staff finds an order that was placed before there were any. Idempotent.

        Parameters:
            order: as the caller has read it. Where its shopper is erased meanwhile, its number alone finds it.

        Raises RetriesExhaustedError.
        """

        def attempt() -> None:
            nonlocal order
            items = self._search().puts(order)
            if not order.is_erased:
                items.append(
                    {
                        "ConditionCheck": {
                            "TableName": self._table,
                            "Key": to_item({"orderId": order.order_id, "userId": order.user_id}),
                            "ConditionExpression": "attribute_exists(shippingAddress)",
                        }
                    }
                )
            try:
                self._dynamodb.transact_write_items(TransactItems=items)
            except ClientError as error:
                cancellation_reasons(error)
                order = self.get(order.order_id, order.user_id) or order
                raise ConflictError(order.order_id) from None

        retry_on_conflict(attempt, self._retry)

    def revoke_links(self, order: Order) -> None:
        """Make every link to an order that was sent so far invalid. No rule of the order depends on it."""
        self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"orderId": order.order_id, "userId": order.user_id}),
            UpdateExpression="ADD linkRevision :one",
            ConditionExpression="attribute_exists(#status)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=to_item({":one": 1}),
        )

    def _put(self, order: Order, envelopes: list[Envelope[Event]], placeholder: Mapping[str, Any]) -> None:
        item = {
            **_order_item(order),
            "timestamp": to_attribute(int(order.placed_at.timestamp() * 1000)),
            ATTRIBUTE: outbox_attribute(*envelopes),
        }
        put: PutTypeDef = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(orderId)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if placeholder:
            put["ConditionExpression"] = "attribute_not_exists(#status) AND #sequence = :seen"
            put["ExpressionAttributeNames"] = {"#status": "status", "#sequence": "sequence"}
            put["ExpressionAttributeValues"] = {":seen": placeholder["sequence"]}
        items: list[TransactWriteItemTypeDef] = [{"Put": put}]
        if not order.is_erased:
            items.append({"ConditionCheck": self._erased_users().absence_check(order.user_id)})
        self._dynamodb.transact_write_items(TransactItems=[*items, *self._search().puts(order)])

    def _replace(self, before: Order, after: Order, event: Event | None) -> bool:
        values = {name: value for name, value in _order_item(after).items() if name in CHANGED_ATTRIBUTES}
        condition = "#sequence = :seen AND #status = :from"
        if after.refund_notes != before.refund_notes:
            # Erasure removes both, and changes no sequence.
            values["refundNotes"] = to_attribute(after.refund_notes)
            condition += " AND attribute_exists(shippingAddress)"
        if event is not None:
            values[ATTRIBUTE] = outbox(event, sequence=after.sequence)
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"orderId": before.order_id, "userId": before.user_id}),
                # An earlier version has stored its only parcel as a shipment.
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values) + " REMOVE shipment",
                ConditionExpression=condition,
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


def _ended_for_erasure(order: Order) -> OrderChange | None:
    at = datetime.now(UTC)
    return order.cancelled_for_erasure(at) or order.rest_refunded_for_erasure(at)


def _order_item(order: Order) -> Item:
    return to_item(order.model_dump(mode="json", exclude_none=True))


def _early_refunds(placeholder: Mapping[str, Any]) -> list[PaymentRefundedV2]:
    stored = [value["S"] for name, value in sorted(placeholder.items()) if name.startswith(EARLY_REFUND_PREFIX)]
    # What the first version has stored is read as well: a code is a reason of the first version, too.
    return [PaymentRefunded.model_validate_json(refund).upcast() for refund in stored]


def _placed_order(item: Mapping[str, Any]) -> Order | None:
    return _order(item) if "status" in item else None


def _order(item: Mapping[str, Any]) -> Order:
    values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
    return Order.model_validate(values, extra="ignore")

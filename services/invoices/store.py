"""The tables of invoices: an item per order with its documents, and an item per series with its last number.

A number and its document are one transaction, on the condition that the series still stands at the number before: so no
number is given twice, and none is lost.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.dynamodb_errors import cancellation_reasons
from bus.erased_users import ErasedUsers
from bus.items_of_user import read_page_of_user
from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from bus.outbox import ATTRIBUTE, outbox
from bus.settings import Settings
from schemas.event import Event
from services.invoices.domain import DocumentKind, Invoicing, InvoicingChange, document_number, series_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, TransactWriteItemTypeDef

UNINVOICED_SECONDS = 400 * 24 * 3600
"""How long refunds of an order that has no invoice yet are kept: longer than the archive keeps events."""
CONDITION_FAILED = "ConditionalCheckFailed"


class InvoiceSettings(Settings):
    """Environment of the functions that read or write invoices."""

    invoices_table: str


class NumberSettings(Settings):
    """Environment of the function that gives numbers."""

    invoice_numbers_table: str


class ErasedMeanwhileError(Exception):
    """The shopper was erased since the document was made: it must not name them."""


class InvoiceStore:
    """Reads and writes the documents of orders.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table keyed by ``orderId``.
        numbers: returns the name of the table of series; asked for only where a number is given.
        erased_users: returns the tombstones of erased shoppers.
        now: returns the time in seconds since the epoch; replaced in tests.
        retry: how long a write that meets a conflict is retried.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        numbers: Callable[[], str],
        erased_users: Callable[[], ErasedUsers],
        now: Callable[[], float] = time.time,
        retry: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._numbers = numbers
        self._erased_users = erased_users
        self._now = now
        self._retry = retry

    def find(self, order_id: str) -> Invoicing | None:
        """Return the documents of an order; None where nothing is known of it."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=to_item({"orderId": order_id}), ConsistentRead=True)
        return _invoicing(answer["Item"]) if "Item" in answer else None

    def issue(
        self, before: Invoicing, kind: DocumentKind, rule: Callable[[Invoicing, str, datetime], Invoicing | None]
    ) -> Invoicing:
        """Store the document that a rule makes, with the next number of its series; return the documents after it.

        Parameters:
            before: as the caller has read them, or new ones.
            kind: of the document.
            rule: returns the documents with the new one, given its number and the time; None where it is not due any
                more. It is applied again after a conflict.

        Raises what the rule raises, and RetriesExhaustedError.
        """

        def attempt() -> Invoicing:
            current = self.find(before.order_id) or before
            at = datetime.fromtimestamp(self._now(), UTC)
            series = series_of(kind, at)
            last = self._last_number(series)
            after = rule(current, document_number(series, last + 1), at)
            if after is None:
                return current
            self._write(current, after, count={"series": series, "last": last})
            return after

        return retry_on_conflict(attempt, self._retry)

    def update(self, before: Invoicing, rule: Callable[[Invoicing], InvoicingChange | None]) -> Invoicing:
        """Store the change that a rule makes, with its event; return the documents after it.

        Parameters:
            before: as the caller has read them, or new ones.
            rule: returns the change, or None where there is nothing to change. It is applied again after a conflict.

        Raises what the rule raises, ErasedMeanwhileError where the change has an event, or is the first record of the
        order, and its shopper was erased, and RetriesExhaustedError.
        """

        def attempt() -> Invoicing:
            current = self.find(before.order_id) or before
            change = rule(current)
            if change is None:
                return current
            self._write(current, *change)
            return change[0]

        return retry_on_conflict(attempt, self._retry)

    def pages_of_user(self, user_id: str, cursor: str | None = None) -> tuple[list[Invoicing], str | None]:
        """Return a page of a person's documents, and the cursor of the next page; raises InvalidCursorError."""
        items, following = read_page_of_user(self._dynamodb, self._table, "orderId", user_id, cursor)
        return [Invoicing.model_validate(item, extra="ignore") for item in items], following

    def iter_by_user(self, user_id: str) -> Iterator[Invoicing]:
        """Yield all documents of a person, order by order."""
        cursor: str | None = None
        while True:
            page, cursor = self.pages_of_user(user_id, cursor)
            yield from page
            if cursor is None:
                return

    def remove_user(self, order_id: str) -> None:
        """Remove the person from the documents of an order, and the event that names them. Figures stay."""
        self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"orderId": order_id}),
            UpdateExpression=f"REMOVE userId, {ATTRIBUTE} ADD #sequence :one",
            ConditionExpression="attribute_exists(orderId)",
            ExpressionAttributeNames={"#sequence": "sequence"},
            ExpressionAttributeValues=to_item({":one": 1}),
        )

    def _last_number(self, series: str) -> int:
        answer = self._dynamodb.get_item(
            TableName=self._numbers(), Key=to_item({"series": series}), ConsistentRead=True
        )
        return int(from_item(answer["Item"])["last"]) if "Item" in answer else 0

    def _write(
        self, before: Invoicing, after: Invoicing, event: Event | None = None, count: Mapping[str, Any] | None = None
    ) -> None:
        """Replace the item on the condition that it is as it was read; raises ConflictError where it is not."""
        item = to_item(after.model_dump(mode="json", exclude_none=True))
        if event is not None:
            item[ATTRIBUTE] = outbox(event, sequence=after.sequence)
        if after.invoice is None:
            item |= to_item({"expiresAt": int(self._now()) + UNINVOICED_SECONDS})
        put: PutTypeDef = {"TableName": self._table, "Item": item}
        if before.sequence:
            put |= {
                "ConditionExpression": "#sequence = :seen",
                "ExpressionAttributeNames": {"#sequence": "sequence"},
                "ExpressionAttributeValues": to_item({":seen": before.sequence}),
            }
        else:
            put["ConditionExpression"] = "attribute_not_exists(orderId)"
        writes: list[TransactWriteItemTypeDef] = [{"Put": put}]
        # The number of a first invoice is not refused: its PDF is stored with an event, which is.
        forbids_erased = event is not None or (not before.sequence and count is None)
        if forbids_erased and after.user_id is not None:
            writes.append({"ConditionCheck": self._erased_users().absence_check(after.user_id)})
        if count is not None:
            writes.append({"Update": self._next_number(**count)})
        try:
            self._dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            reasons = cancellation_reasons(error)
            if forbids_erased and len(reasons) > 1 and reasons[1].get("Code") == CONDITION_FAILED:
                raise ErasedMeanwhileError(after.order_id) from None
            raise ConflictError(after.order_id) from None

    def _next_number(self, series: str, last: int) -> Any:
        return {
            "TableName": self._numbers(),
            "Key": to_item({"series": series}),
            "UpdateExpression": "SET #last = :next",
            "ConditionExpression": "#last = :last" if last else "attribute_not_exists(series)",
            "ExpressionAttributeNames": {"#last": "last"},
            "ExpressionAttributeValues": to_item({":next": last + 1, **({":last": last} if last else {})}),
        }


def _invoicing(item: Mapping[str, Any]) -> Invoicing:
    values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
    return Invoicing.model_validate({"userId": None, **values}, extra="ignore")

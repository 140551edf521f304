"""The tables Returns and Withdrawals. Every write of a return is conditional on the sequence that was read."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_attribute, to_item
from bus.batch_items import batch_get
from bus.cursor import decode_cursor, encode_cursor
from bus.dynamodb_errors import cancellation_reasons, failed_condition_item
from bus.items_of_user import read_page_of_user
from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from bus.outbox import ATTRIBUTE, outbox
from schemas.event import Event
from services.returns.domain import MAX_RETURNS_OF_ORDER, Decision, Return, ReturnStatus, Withdrawal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef

STATUS_INDEX = "status-requestedAt-index"
UNCONFIRMED_SECONDS = 24 * 3600
"""How long a withdrawal waits for its second step."""
UNMATCHED_SECONDS = 30 * 24 * 3600
"""How long a withdrawal that names no order waits for an answer of staff."""
UNSETTLED_SECONDS = 30 * 24 * 3600
"""How long a confirmed withdrawal waits to be settled: longer than its message can be a dead letter."""
UNMATCHED_INDEX = "unmatched-confirmedAt-index"
"""It has those alone that wait for an answer: they have the attribute ``unmatched``."""
UNMATCHED = "YES"
TYPED = ("orderName", "email")
"""What a shopper typed: it is not kept once it is known which order it names, or staff has answered."""

ReturnChange = tuple[Return, Event | None]
"""A return after a change, and the event of the change, if any."""


class ReturnsStore:
    """Reads and writes returns and withdrawals.

    Parameters:
        dynamodb: the DynamoDB client.
        returns_table: name of the table keyed by ``returnId``, with STATUS_INDEX.
        withdrawals_table: name of the table keyed by ``withdrawalId``.
        now: returns the time in seconds since the epoch; replaced in tests.
        retry: how long a write that meets a conflict is retried.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        returns_table: str,
        withdrawals_table: str,
        now: Callable[[], float] = time.time,
        retry: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self._dynamodb = dynamodb
        self._returns = returns_table
        self._withdrawals = withdrawals_table
        self._now = now
        self._retry = retry

    def declare(self, withdrawal: Withdrawal) -> None:
        """Store what a shopper has declared; unless they confirm it, it expires."""
        item = {**_values(withdrawal), "expiresAt": int(self._now()) + UNCONFIRMED_SECONDS}
        self._dynamodb.put_item(
            TableName=self._withdrawals,
            Item=to_item(item),
            ConditionExpression="attribute_not_exists(withdrawalId)",
        )

    def withdrawal(self, withdrawal_id: str) -> Withdrawal | None:
        """Return a withdrawal; None where there is none, or it has expired."""
        answer = self._dynamodb.get_item(
            TableName=self._withdrawals, Key=to_item({"withdrawalId": withdrawal_id}), ConsistentRead=True
        )
        if "Item" not in answer:
            return None
        values = _plain(answer["Item"])
        # DynamoDB deletes expired items later.
        if values.get("expiresAt", self._now() + 1) <= self._now():
            return None
        return Withdrawal.model_validate(values, extra="ignore")

    def confirm(self, withdrawal_id: str, at: datetime) -> None:
        """Store when a withdrawal was confirmed, unless that is known. Once it is settled it does not expire."""
        try:
            self._dynamodb.update_item(
                TableName=self._withdrawals,
                Key=to_item({"withdrawalId": withdrawal_id}),
                UpdateExpression="SET confirmedAt = :at, expiresAt = :later",
                ConditionExpression="attribute_exists(withdrawalId) AND attribute_not_exists(confirmedAt)",
                ExpressionAttributeValues=to_item({":at": _text(at), ":later": int(self._now()) + UNSETTLED_SECONDS}),
            )
        except ClientError as error:
            failed_condition_item(error)

    def reject(self, withdrawal_id: str, user_id: str | None) -> None:
        """Store that a withdrawal names no order: it waits for an answer of staff, for a month at most.

        Parameters:
            withdrawal_id: the withdrawal.
            user_id: whose e-mail address was typed; None where nobody has an account with it.
        """
        values: dict[str, Any] = {
            "outcome": "UNMATCHED",
            "unmatched": UNMATCHED,
            "expiresAt": int(self._now()) + UNMATCHED_SECONDS,
            **({"userId": user_id} if user_id else {}),
        }
        self._dynamodb.update_item(
            TableName=self._withdrawals,
            Key=to_item({"withdrawalId": withdrawal_id}),
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in values),
            ExpressionAttributeValues=to_item({f":{name}": value for name, value in values.items()}),
        )

    def list_unmatched(self, limit: int, cursor: str | None) -> tuple[list[Withdrawal], str | None]:
        """Return a page of the withdrawals that name no order and wait for an answer, and the next page's cursor.

        Parameters:
            limit: how many to return at most, the newest first.
            cursor: of the page; None for the first one.

        Raises InvalidCursorError.
        """
        query: QueryInputTypeDef = {
            "TableName": self._withdrawals,
            "IndexName": UNMATCHED_INDEX,
            "KeyConditionExpression": "unmatched = :unmatched",
            "ExpressionAttributeValues": to_item({":unmatched": UNMATCHED}),
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            # The page is always of these, whatever the cursor says.
            start = decode_cursor(cursor, withdrawalId=str, unmatched=str, confirmedAt=str)
            query["ExclusiveStartKey"] = {**start, "unmatched": to_attribute(UNMATCHED)}
        answer = self._dynamodb.query(**query)
        last = answer.get("LastEvaluatedKey")
        found = [Withdrawal.model_validate(_plain(item), extra="ignore") for item in answer["Items"]]
        return found, encode_cursor(last) if last else None

    def close_unmatched(self, withdrawal_id: str, by: str, at: datetime) -> bool:
        """Store that staff has answered, and forget what was typed; return False where nothing waits for an answer.

        Parameters:
            withdrawal_id: the withdrawal.
            by: the person of staff.
            at: now.
        """
        try:
            self._dynamodb.update_item(
                TableName=self._withdrawals,
                Key=to_item({"withdrawalId": withdrawal_id}),
                UpdateExpression=f"SET closedAt = :at, closedBy = :by REMOVE unmatched, {', '.join(TYPED)}",
                ConditionExpression="unmatched = :unmatched",
                ExpressionAttributeValues=to_item({":at": _text(at), ":by": by, ":unmatched": UNMATCHED}),
            )
        except ClientError as error:
            failed_condition_item(error)
            return False
        return True

    def forget_typed(self, user_id: str) -> None:
        """Forget what an erased shopper has typed in withdrawals that name no order; nobody has to answer them now."""
        cursor: str | None = None
        while True:
            items, cursor = read_page_of_user(self._dynamodb, self._withdrawals, "withdrawalId", user_id, cursor)
            for item in items:
                if "unmatched" in item:
                    self._dynamodb.update_item(
                        TableName=self._withdrawals,
                        Key=to_item({"withdrawalId": item["withdrawalId"]}),
                        UpdateExpression=f"REMOVE unmatched, {', '.join(TYPED)}",
                        ConditionExpression="attribute_exists(withdrawalId)",
                    )
            if cursor is None:
                return

    def settle(self, withdrawal_id: str, decision: Decision) -> None:
        """Store what a withdrawal leads to, with its receipt and the return that it opens: all or nothing, once.

        Raises ConflictError where another return of the order was opened meanwhile, or the withdrawal was settled.
        """
        event = decision.event
        values: dict[str, Any] = {
            ":outcome": to_attribute(event.outcome),
            ":order": to_attribute(event.order_id),
            ":user": to_attribute(event.user_id),
            ":outbox": outbox(event, sequence=1),
        }
        settled = "SET outcome = :outcome, orderId = :order, userId = :user, outbox = :outbox"
        if decision.opened:
            settled += ", returnId = :return"
            values[":return"] = to_attribute(decision.opened.return_id)
        items: list[Any] = [
            {
                "Update": {
                    "TableName": self._withdrawals,
                    "Key": to_item({"withdrawalId": withdrawal_id}),
                    "UpdateExpression": f"{settled} REMOVE expiresAt, {', '.join(TYPED)}",
                    "ConditionExpression": "attribute_exists(withdrawalId) AND attribute_not_exists(outcome)",
                    "ExpressionAttributeValues": values,
                }
            }
        ]
        if decision.opened:
            item = to_item(_values(decision.opened))
            condition = "attribute_not_exists(returnId)"
            items.append({"Put": {"TableName": self._returns, "Item": item, "ConditionExpression": condition}})
        try:
            self._dynamodb.transact_write_items(TransactItems=items)
        except ClientError as error:
            cancellation_reasons(error)
            raise ConflictError(withdrawal_id) from error

    def find(self, return_id: str) -> Return | None:
        """Return a return; None where there is none."""
        answer = self._dynamodb.get_item(
            TableName=self._returns, Key=to_item({"returnId": return_id}), ConsistentRead=True
        )
        return _return(answer["Item"]) if "Item" in answer else None

    def of_order(self, order_id: str) -> list[Return]:
        """Return the returns of an order, the oldest first."""
        ids = [f"{order_id}-{number}" for number in range(1, MAX_RETURNS_OF_ORDER + 1)]
        found = batch_get(self._dynamodb, self._returns, [{"returnId": each} for each in ids], ConsistentRead=True)
        by_id = {each.return_id: each for each in map(_return, found)}
        return [by_id[each] for each in ids if each in by_id]

    def list_by_status(self, status: ReturnStatus, limit: int, cursor: str | None) -> tuple[list[Return], str | None]:
        """Return a page of the returns in a status, the newest first, and the cursor of the next page.

        Parameters:
            status: of the returns.
            limit: how many to return at most.
            cursor: of the page; None for the first one.

        Raises InvalidCursorError.
        """
        query: QueryInputTypeDef = {
            "TableName": self._returns,
            "IndexName": STATUS_INDEX,
            "KeyConditionExpression": "#status = :status",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": to_item({":status": status}),
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            # The page is always of this status, whatever the cursor says.
            start = decode_cursor(cursor, returnId=str, status=str, requestedAt=str)
            query["ExclusiveStartKey"] = {**start, "status": to_attribute(status)}
        answer = self._dynamodb.query(**query)
        last = answer.get("LastEvaluatedKey")
        return [_return(item) for item in answer["Items"]], encode_cursor(last) if last else None

    def update(self, return_id: str, rule: Callable[[Return, Sequence[Return]], ReturnChange | None]) -> Return | None:
        """Store the change that a rule makes, with its event; return the return after it, None where there is none.

        The other returns of the order must not change meanwhile: what the refund has may depend on them.

        Parameters:
            return_id: the return.
            rule: takes the return and the others of its order; returns the change, or None where nothing changes.

        Raises what the rule raises, and RetriesExhaustedError.
        """

        def attempt() -> Return | None:
            found = self.find(return_id)
            if found is None:
                return None
            others = [each for each in self.of_order(found.order_id) if each.return_id != return_id]
            change = rule(found, others)
            if change is None:
                return found
            after, event = change
            try:
                self._dynamodb.transact_write_items(
                    TransactItems=[{"Put": self._replacement(found, after, event)}, *map(self._unchanged, others)]
                )
            except ClientError as error:
                cancellation_reasons(error)
                raise ConflictError(return_id) from error
            return after

        return retry_on_conflict(attempt, self._retry)

    def _replacement(self, before: Return, after: Return, event: Event | None) -> Any:
        item = to_item(_values(after))
        if event:
            item[ATTRIBUTE] = outbox(event, sequence=after.sequence)
        return {"TableName": self._returns, "Item": item, **_unchanged_since(before)}

    def _unchanged(self, other: Return) -> Any:
        key = to_item({"returnId": other.return_id})
        return {"ConditionCheck": {"TableName": self._returns, "Key": key, **_unchanged_since(other)}}


def _unchanged_since(read: Return) -> dict[str, Any]:
    return {
        "ConditionExpression": "#sequence = :seen",
        "ExpressionAttributeNames": {"#sequence": "sequence"},
        "ExpressionAttributeValues": to_item({":seen": read.sequence}),
    }


def _values(stored: Withdrawal | Return) -> dict[str, Any]:
    return stored.model_dump(mode="json", exclude_none=True)


def _text(moment: datetime) -> str:
    return str(Withdrawal(withdrawal_id="any", stated_at=moment).model_dump(mode="json")["statedAt"])


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    return from_item({name: value for name, value in item.items() if name != ATTRIBUTE})


def _return(item: Mapping[str, Any]) -> Return:
    return Return.model_validate(_plain(item), extra="ignore")

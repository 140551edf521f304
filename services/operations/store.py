"""The table Differences: what reconciliation has found, until some months after it is resolved."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_attribute, to_item
from bus.cursor import InvalidCursorError, decode_cursor, encode_cursor
from bus.dynamodb_errors import failed_condition_item
from bus.optimistic_locking import ConflictError
from services.operations.domain import Finding, FindingState

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

STATE_INDEX = "state-firstSeenAt-index"
RETENTION_SECONDS = 180 * 24 * 3600


class FindingStore:
    """The differences that were found.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table keyed by ``differenceId``, with STATE_INDEX.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._now = now

    def get(self, difference_id: str) -> Finding | None:
        """Return a difference; None where none of that id was found."""
        key = to_item({"differenceId": difference_id})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return _finding(from_item(item)) if item else None

    def open(self) -> Iterator[Finding]:
        """Yield the open differences, the oldest first."""
        cursor = None
        while True:
            found, cursor = self.list(FindingState.OPEN, 100, cursor, newest_first=False)
            yield from found
            if cursor is None:
                return

    def list(
        self, state: FindingState, limit: int, cursor: str | None = None, *, newest_first: bool = True
    ) -> tuple[list[Finding], str | None]:
        """Return a page of the differences in a state, and the cursor of the next page, if any.

        Parameters:
            state: their state.
            limit: the most to return.
            cursor: of the page; None is the first.
            newest_first: whether the one that was found last comes first.

        Raises InvalidCursorError for a cursor that is not of this list.
        """
        start: dict[str, Any] = {}
        if cursor:
            key = decode_cursor(cursor, differenceId=str, state=str, firstSeenAt=str)
            # DynamoDB refuses a start outside of what is queried: it is a cursor of another list.
            if key["state"] != to_attribute(state):
                raise InvalidCursorError(cursor)
            start = {"ExclusiveStartKey": key}
        page = self._dynamodb.query(
            TableName=self._table,
            IndexName=STATE_INDEX,
            KeyConditionExpression="#state = :state",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues=to_item({":state": state}),
            ScanIndexForward=not newest_first,
            Limit=limit,
            **start,
        )
        last = page.get("LastEvaluatedKey")
        return [_finding(from_item(item)) for item in page["Items"]], encode_cursor(last) if last else None

    def save(self, finding: Finding, before: Finding | None) -> None:
        """Store a difference, if it is still as it was read.

        Parameters:
            finding: as it is now.
            before: as it was read; None where there was none.

        Raises ConflictError where another one has changed it.
        """
        item = finding.model_dump(mode="json", by_alias=True, exclude_none=True)
        # What is open is kept: each run writes it again.
        expires = {"expiresAt": int(self._now()) + RETENTION_SECONDS}
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(differenceId)"}
        if before:
            condition = {
                "ConditionExpression": "#state = :state AND lastSeenAt = :seen AND repairs = :repairs",
                "ExpressionAttributeNames": {"#state": "state"},
                "ExpressionAttributeValues": to_item(
                    {
                        ":state": before.state,
                        ":seen": before.model_dump(mode="json")["lastSeenAt"],
                        ":repairs": before.repairs,
                    }
                ),
            }
        try:
            self._dynamodb.put_item(TableName=self._table, Item=to_item(item | expires), **condition)
        except ClientError as error:
            failed_condition_item(error)
            raise ConflictError(finding.difference_id) from None


def _finding(item: dict[str, Any]) -> Finding:
    return Finding.model_validate(item, extra="ignore")

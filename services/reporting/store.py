"""The tables of reporting: facts by day, the sums of days that are over, and the stock of each product.

Facts and stock are kept by generation. ``live`` is the one that the events write and the reports read; a rebuild writes
another one beside it, which expires after a day.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import Item, from_item, to_attribute, to_item
from bus.cursor import InvalidCursorError, decode_cursor, encode_cursor
from bus.dynamodb_errors import failed_condition_item
from services.reporting.domain import FACT_DAYS, LOW_STOCK, DayFigures, Fact, Kind

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

LIVE = "live"
DAY_SECONDS = 24 * 3600
MAX_FIGURES_BYTES = 350_000
"""An item holds 400 KB. A day of some 3,000 different products has more, and is summed whenever it is asked for."""
LOW_STOCK_INDEX = "low-stock-index"


def _filtered_page(
    dynamodb: "DynamoDBClient", limit: int, start: Item | None, **request: Any
) -> tuple[list[dict[str, Any]], str | None]:
    """Return so many items that a filter lets through, fewer only where there are no more, and the next cursor."""
    found: list[dict[str, Any]] = []
    while len(found) < limit:
        asked = {**request, "Limit": limit - len(found), **({"ExclusiveStartKey": start} if start else {})}
        page: Any = dynamodb.query(**asked)
        found += map(from_item, page["Items"])
        start = page.get("LastEvaluatedKey")
        if not start:
            return found, None
    return found, encode_cursor(start) if start else None


class FactStore:
    """The facts of the days.

    Parameters:
        dynamodb: the DynamoDB client.
        table: its name; keyed by ``day``, which names the generation as well, and ``fact``.
        generation: whose facts these are.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        generation: str = LIVE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self.generation = generation
        self._now = now

    def put(self, fact: Fact) -> None:
        """Store a fact. Stored again, it is the same item again."""
        item = {
            "day": self._partition(fact.day),
            "fact": fact.key,
            "kind": fact.kind,
            "values": json.dumps(fact.values, ensure_ascii=False, sort_keys=True),
            "expiresAt": self._expires_at(fact.day),
        }
        self._dynamodb.put_item(TableName=self._table, Item=to_item(item))

    def facts(self, day: date) -> Iterator[Fact]:
        """Yield the facts of a day, as they are stored at this moment, by their keys."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="#day = :day",
            ExpressionAttributeNames={"#day": "day"},
            ExpressionAttributeValues=to_item({":day": self._partition(day)}),
            ConsistentRead=True,
        )
        for page in pages:
            for values in map(from_item, page["Items"]):
                yield Fact(day, values["fact"], Kind(values["kind"]), json.loads(values["values"]))

    def _partition(self, day: date) -> str:
        return f"{self.generation}/{day.isoformat()}"

    def _expires_at(self, day: date) -> int:
        if self.generation != LIVE:
            return int(self._now()) + DAY_SECONDS
        # By the day that it is of, and not by the clock: stored again, also in a replay, the item stays as it is.
        return int(datetime.combine(day, time_of_day.min, UTC).timestamp()) + FACT_DAYS * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class StoredDay:
    """What is stored of a day as a whole.

    Attributes:
        version: how often its facts have changed since it was over.
        figures: the sums of that version; None where they were not stored yet.
        filed_version: the version of its files; None where it has none.
    """

    day: date
    version: int = 0
    figures: DayFigures | None = None
    filed_version: int | None = None


class DayStore:
    """The sums of the days that are over.

    Parameters:
        dynamodb: the DynamoDB client.
        table: its name; keyed by ``generation`` and ``day``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def between(self, first: date, last: date) -> dict[date, StoredDay]:
        """Return what is stored of the days of a period, both ends included."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="generation = :live AND #day BETWEEN :first AND :last",
            ExpressionAttributeNames={"#day": "day"},
            ExpressionAttributeValues=to_item({":live": LIVE, ":first": first.isoformat(), ":last": last.isoformat()}),
            ConsistentRead=True,
        )
        stored = (_stored_day(from_item(item)) for page in pages for item in page["Items"])
        return {found.day: found for found in stored}

    def change(self, day: date) -> None:
        """Count that a fact of a day that was over has been stored, and forget the sums without it."""
        self._update(day, "ADD version :one REMOVE figures", {":one": 1})

    def save(self, stored: StoredDay, figures: DayFigures) -> None:
        """Store the sums of a day, unless its facts have changed since ``stored`` was read."""
        text = figures.model_dump_json(exclude_defaults=True)
        if len(text.encode()) <= MAX_FIGURES_BYTES:
            self._save_version(stored, "SET figures = :value", text)

    def mark_filed(self, stored: StoredDay) -> None:
        """Store that the files of a day are of its version, unless its facts have changed since it was read."""
        self._save_version(stored, "SET filedVersion = :value", stored.version)

    def filed_before(self, limit: int, cursor: str | None) -> tuple[list[date], str | None]:
        """Return a page of the days that have files, the newest first, and the cursor of the next page.

        Raises InvalidCursorError.
        """
        start = decode_cursor(cursor, generation=str, day=str) if cursor else None
        if start and start["generation"] != to_attribute(LIVE):
            raise InvalidCursorError(cursor)
        items, next_cursor = _filtered_page(
            self._dynamodb,
            limit,
            start,
            TableName=self._table,
            KeyConditionExpression="generation = :live",
            FilterExpression="attribute_exists(filedVersion)",
            ProjectionExpression="#day",
            ExpressionAttributeNames={"#day": "day"},
            ExpressionAttributeValues=to_item({":live": LIVE}),
            ScanIndexForward=False,
        )
        return [date.fromisoformat(values["day"]) for values in items], next_cursor

    def _save_version(self, stored: StoredDay, expression: str, value: object) -> None:
        condition, values = "attribute_not_exists(version)", {":value": value}
        if stored.version:
            condition, values = "version = :version", {":value": value, ":version": stored.version}
        try:
            self._update(stored.day, expression, values, condition)
        except ClientError as error:
            failed_condition_item(error)

    def _update(self, day: date, expression: str, values: Mapping[str, object], condition: str | None = None) -> None:
        self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"generation": LIVE, "day": day.isoformat()}),
            UpdateExpression=expression,
            ExpressionAttributeValues=to_item(values),
            **({"ConditionExpression": condition} if condition else {}),  # type: ignore[arg-type]
        )


def _stored_day(values: Mapping[str, Any]) -> StoredDay:
    figures = values.get("figures")
    return StoredDay(
        day=date.fromisoformat(values["day"]),
        version=values.get("version", 0),
        figures=DayFigures.model_validate_json(figures) if figures else None,
        filed_version=values.get("filedVersion"),
    )


@dataclass(frozen=True, slots=True)
class StockLevel:
    """The units of a product that can be bought, and all in the warehouse."""

    product_id: str
    name: str
    available: int
    on_hand: int


class StockLevelStore:
    """The stock of each product, from the events of inventory and catalog.

    Both count their changes separately, so an item has a sequence of each, and what is not newer changes nothing. The
    index is sparse: only products whose stock is low have the attribute ``low``.

    Parameters:
        dynamodb: the DynamoDB client.
        table: its name; keyed by ``generation`` and ``productId``.
        generation: whose levels these are.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        generation: str = LIVE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._generation = generation
        self._now = now

    def save_level(self, product_id: str, available: int, on_hand: int, sequence: int) -> None:
        """Store the units of a product that can be bought, and all in the warehouse."""
        values = {"available": available, "onHand": on_hand, "stockSequence": sequence}
        if available <= LOW_STOCK:
            self._save_if_newer(product_id, "stockSequence", {**values, "low": self._generation})
        else:
            self._save_if_newer(product_id, "stockSequence", values, "low")

    def save_name(self, product_id: str, name: str, sequence: int) -> None:
        """Store the name of a product that the catalog has."""
        self._save_if_newer(product_id, "productSequence", {"name": name, "productSequence": sequence}, "deleted")

    def mark_deleted(self, product_id: str, sequence: int) -> None:
        """Store that the catalog has no such product any more: nobody buys what is left of it.

        Its name goes as well: whether the event with the name came before or comes later, the item is then the same.
        """
        self._save_if_newer(product_id, "productSequence", {"deleted": True, "productSequence": sequence}, "name")

    def low(self, at_most: int, limit: int, cursor: str | None) -> tuple[list[StockLevel], str | None]:
        """Return a page of the products with at most so many units available, the fewest first, and the next cursor.

        Raises InvalidCursorError.
        """
        kinds: dict[str, type] = {"generation": str, "productId": str, "low": str, "available": int}
        start = decode_cursor(cursor, **kinds) if cursor else None
        # DynamoDB refuses a start outside of what is queried: it is a cursor of another list.
        if start and (start["low"] != to_attribute(self._generation) or int(start["available"]["N"]) > at_most):
            raise InvalidCursorError(cursor)
        items, next_cursor = _filtered_page(
            self._dynamodb,
            limit,
            start,
            TableName=self._table,
            IndexName=LOW_STOCK_INDEX,
            KeyConditionExpression="low = :generation AND available <= :most",
            FilterExpression="attribute_not_exists(deleted)",
            ExpressionAttributeValues=to_item({":generation": self._generation, ":most": at_most}),
        )
        return [_stock_level(values) for values in items], next_cursor

    def all(self) -> Iterator[dict[str, Any]]:
        """Yield what is stored of each product, plain values by name, without what differs by generation."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="generation = :generation",
            ExpressionAttributeValues=to_item({":generation": self._generation}),
            ConsistentRead=True,
        )
        for page in pages:
            for values in map(from_item, page["Items"]):
                yield {name: value for name, value in values.items() if name not in {"generation", "low", "expiresAt"}}

    def _save_if_newer(self, product_id: str, counter: str, values: Mapping[str, object], *removed: str) -> None:
        if self._generation != LIVE:
            values = {**values, "expiresAt": int(self._now()) + DAY_SECONDS}
        # `name` and others are reserved words of DynamoDB.
        names = {f"#{name}": name for name in (*values, *removed)}
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        if removed:
            expression += f" REMOVE {', '.join(f'#{name}' for name in removed)}"
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"generation": self._generation, "productId": product_id}),
                UpdateExpression=expression,
                ConditionExpression=f"attribute_not_exists(#{counter}) OR #{counter} < :{counter}",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=to_item({f":{name}": value for name, value in values.items()}),
            )
        except ClientError as error:
            failed_condition_item(error)


def _stock_level(values: Mapping[str, Any]) -> StockLevel:
    product_id = values["productId"]
    return StockLevel(product_id, values.get("name", product_id), values["available"], values["onHand"])

"""Reader of the journal, the table of all events that were on the bus."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from bus.attribute_values import from_item, to_item
from bus.batch_items import MAX_READS, batch_get
from bus.concurrent_calls import MAX_CONCURRENT_CALLS, map_concurrently
from bus.journal_table import (
    AGGREGATE_INDEX,
    CORRELATION_INDEX,
    RETENTION_SECONDS,
    TIME_INDEX,
    WINDOW_SECONDS,
    window_of,
)

EVENTBRIDGE_VERSION = "0"
"""The version of the form in which EventBridge delivers events."""
PAGE_SIZE = 400
"""Events that are read at once where the first ones are wanted soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedEvent:
    """What the journal's index by time has of an event.

    Metadata that a foreign producer omitted are replaced by EventBridge's own data.

    Attributes:
        violations: its violations of its contract.
        occurred_at: when it occurred, according to its producer.
        journalled_at: when the bus first delivered it to the journal.
    """

    event_id: str
    source: str
    detail_type: str
    occurred_at: datetime
    journalled_at: datetime
    violations: list[str]

    @property
    def kind(self) -> tuple[str, str]:
        """Its source and detail type."""
        return self.source, self.detail_type

    def is_of(self, source: str | None, detail_type: str | None) -> bool:
        """Return whether it has the source and the detail type; None stands for any."""
        return source in (None, self.source) and detail_type in (None, self.detail_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalledEvent(IndexedEvent):
    """An event in the journal.

    Attributes:
        times_seen: how often the bus delivered it to the journal.
    """

    detail: Any
    correlation_id: str
    causation_id: str | None
    aggregate_id: str
    producer: str | None
    times_seen: int

    @property
    def order_id(self) -> str | None:
        """The order id in the event's data, if any."""
        data = self.detail.get("data") if isinstance(self.detail, dict) else None
        order_id = data.get("orderId") if isinstance(data, dict) else None
        return order_id if isinstance(order_id, str) else None

    def message(self) -> dict[str, Any]:
        """Return the event as EventBridge delivers it."""
        return {
            "version": EVENTBRIDGE_VERSION,
            "id": self.event_id,
            "detail-type": self.detail_type,
            "source": self.source,
            "time": self.journalled_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resources": [],
            "detail": self.detail,
        }

    def to_json(self) -> dict[str, Any]:
        """Return the event for JSON output."""
        return {
            "eventId": self.event_id,
            "source": self.source,
            "detailType": self.detail_type,
            "occurredAt": _iso(self.occurred_at),
            "journalledAt": _iso(self.journalled_at),
            "correlationId": self.correlation_id,
            "causationId": self.causation_id,
            "aggregateId": self.aggregate_id,
            "producer": self.producer,
            "timesSeen": self.times_seen,
            "faults": self.violations,
            "detail": self.detail,
        }


class JournalReader:
    """Reads the journal.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the journal table.
    """

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def event(self, event_id: str) -> JournalledEvent | None:
        """Return the event with an id; None where the journal does not have it."""
        item = self._dynamodb.get_item(TableName=self._table, Key=to_item({"eventId": event_id})).get("Item")
        return to_event(item) if item else None

    def of_request(self, correlation_id: str) -> list[JournalledEvent]:
        """Return the events of a request in the order in which they occurred."""
        return self._query_events(CORRELATION_INDEX, "correlationId", correlation_id)

    def of_aggregate(self, aggregate_id: str, latest: int | None = None) -> list[JournalledEvent]:
        """Return the events of an aggregate, such as an order, in the order in which they occurred.

        Parameters:
            aggregate_id: the aggregate.
            latest: how many of the latest to return; None is all.
        """
        return self._query_events(AGGREGATE_INDEX, "aggregateId", aggregate_id, latest)

    def of_order(self, order_id: str) -> list[JournalledEvent]:
        """Return the events about an order, of all services."""
        requests = {event.correlation_id for event in self.of_aggregate(order_id)}
        events = (event for request in requests for event in self.of_request(request))
        about = [event for event in events if order_id in (event.aggregate_id, event.order_id)]
        return sorted(about, key=by_time)

    def between(self, since: datetime, until: datetime) -> list[JournalledEvent]:
        """Return the events that the journal received in a period, both ends included, in the order of arrival."""
        return sorted(self.stream(since, until), key=lambda event: (event.journalled_at, *by_time(event)))

    def stream(
        self, since: datetime, until: datetime, source: str | None = None, detail_type: str | None = None
    ) -> Iterator[JournalledEvent]:
        """Yield the events that the journal received in a period, in the order of arrival.

        They are read as they are asked for, so the first ones come soon, however many there are.

        Parameters:
            since: start of the period, included.
            until: its end, included.
            source: only events of this source, such as ``ecom67.orders``; None means all.
            detail_type: only events of this detail type; None means all.
        """
        partitions = windows(since, until)
        for start in range(0, len(partitions), MAX_CONCURRENT_CALLS):
            group = partitions[start : start + MAX_CONCURRENT_CALLS]
            pages_of_windows = [self.index_pages(window, since, until, PAGE_SIZE) for window in group]
            # Most windows of a quiet shop are empty.
            first_pages = map_concurrently(lambda pages: next(pages, []), pages_of_windows)
            for first_page, pages in zip(first_pages, pages_of_windows, strict=True):
                for page in chain([first_page], pages):
                    yield from self.events([found.event_id for found in page if found.is_of(source, detail_type)])

    def events(self, event_ids: Sequence[str]) -> Iterator[JournalledEvent]:
        """Yield the events with the ids, in that order, some hundreds read at a time; expired ones are left out."""
        for start in range(0, len(event_ids), PAGE_SIZE):
            page = event_ids[start : start + PAGE_SIZE]
            batches = [page[first : first + MAX_READS] for first in range(0, len(page), MAX_READS)]
            found = {event.event_id: event for events in map_concurrently(self._get_batch, batches) for event in events}
            yield from (found[event_id] for event_id in page if event_id in found)

    def _query_events(self, index: str, key: str, value: str, latest: int | None = None) -> list[JournalledEvent]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=f"{key} = :value",
            ExpressionAttributeValues=to_item({":value": value}),
            ScanIndexForward=latest is None,
            PaginationConfig={"MaxItems": latest},
        )
        return sorted(self.events([item["eventId"]["S"] for page in pages for item in page["Items"]]), key=by_time)

    def index_pages(
        self, window: str, since: datetime, until: datetime, page_size: int | None = None
    ) -> Iterator[list[IndexedEvent]]:
        """Yield what the index by time has of one of its partitions, page by page.

        Parameters:
            window: the partition, one of ``windows``.
            since: start of the period, included.
            until: its end, included.
            page_size: how many events are read at once; None is as many as DynamoDB gives.
        """
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=TIME_INDEX,
            KeyConditionExpression="#window = :window AND journalledAt BETWEEN :since AND :until",
            ExpressionAttributeNames={"#window": "window"},
            ExpressionAttributeValues=to_item({":window": window, ":since": _ms(since), ":until": _ms(until)}),
            PaginationConfig={"PageSize": page_size},
        )
        return ([_to_indexed_event(item) for item in page["Items"]] for page in pages)

    def _get_batch(self, event_ids: Sequence[str]) -> list[JournalledEvent]:
        keys = ({"eventId": event_id} for event_id in event_ids)
        return [to_event(item) for item in batch_get(self._dynamodb, self._table, keys)]


def windows(since: datetime, until: datetime) -> list[str]:
    """Return the partitions of the index by time that a period touches, in order."""
    first = max(since, datetime.now(UTC) - timedelta(seconds=RETENTION_SECONDS)).timestamp()
    starts = range(int(first - first % WINDOW_SECONDS), int(until.timestamp()) + 1, WINDOW_SECONDS)
    return [window_of(start) for start in starts]


def _to_indexed_event(stored: Mapping[str, Any]) -> IndexedEvent:
    item = from_item(stored)
    journalled_at = datetime.fromtimestamp(item["journalledAt"] / 1000, UTC)
    return IndexedEvent(
        event_id=item["eventId"],
        source=item["source"],
        detail_type=item["detailType"],
        occurred_at=_moment(item["occurredAt"], journalled_at),
        journalled_at=journalled_at,
        violations=item["faults"],
    )


def to_event(stored: Mapping[str, Any]) -> JournalledEvent:
    """Return the event of an item of the journal."""
    item = from_item(stored)
    detail = json.loads(item["detail"])
    metadata = detail.get("metadata") if isinstance(detail, dict) else None
    known: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
    journalled_at = datetime.fromtimestamp(item["journalledAt"] / 1000, UTC)
    return JournalledEvent(
        event_id=item["eventId"],
        source=item["source"],
        detail_type=item["detailType"],
        detail=detail,
        correlation_id=item["correlationId"],
        causation_id=_text(known.get("causationId")),
        aggregate_id=item.get("aggregateId", item["eventId"]),
        producer=_text(known.get("producer")),
        occurred_at=_moment(item["occurredAt"], journalled_at),
        journalled_at=journalled_at,
        violations=item["faults"],
        times_seen=item["timesSeen"],
    )


def by_time(event: IndexedEvent) -> tuple[datetime, str]:
    """Return the key that sorts events by when they occurred."""
    return event.occurred_at, event.event_id


def _moment(text: str, default: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return default
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

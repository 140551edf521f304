"""Reader of the journal, the table of all events that were on the bus of a stage."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bus.attribute_values import from_item, to_item
from bus.batch_items import MAX_READS, batch_get
from bus.journal import AGGREGATE_INDEX, CORRELATION_INDEX, HOUR_INDEX, RETENTION_SECONDS, hour_of
from ecom67.events.event_filter import EventFilter
from ecom67.stage_client import StageClient, map_concurrently

INDEX_LAG_SECONDS = 15
"""By how much the journal's index may be behind."""


@dataclass(frozen=True, slots=True)
class JournalledEvent:
    """An event in the journal. Metadata that a foreign producer omitted are replaced by EventBridge's own data.

    Attributes:
        violations: its violations of its contract.
        times_seen: how often the bus delivered it to the journal.
        occurred_at: when it occurred, according to its producer.
        journalled_at: when the bus first delivered it to the journal.
    """

    event_id: str
    source: str
    detail_type: str
    detail: Any
    correlation_id: str
    causation_id: str | None
    aggregate_id: str
    producer: str | None
    occurred_at: datetime
    journalled_at: datetime
    violations: list[str]
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
            "version": "0",
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
    """Reads the journal of a stage."""

    def __init__(self, stage: StageClient) -> None:
        self._dynamodb = stage.client("dynamodb")
        self._table = stage.published["bus/journal-table"]

    def event(self, event_id: str) -> JournalledEvent | None:
        """Return the event with an id; None where the journal does not have it."""
        item = self._dynamodb.get_item(TableName=self._table, Key=to_item({"eventId": event_id})).get("Item")
        return to_event(item) if item else None

    def of_request(self, correlation_id: str) -> list[JournalledEvent]:
        """Return the events of a request in the order in which they occurred."""
        return self._query_events(CORRELATION_INDEX, "correlationId", correlation_id)

    def of_aggregate(self, aggregate_id: str) -> list[JournalledEvent]:
        """Return the events of an aggregate, such as an order, in the order in which they occurred."""
        return self._query_events(AGGREGATE_INDEX, "aggregateId", aggregate_id)

    def of_order(self, order_id: str) -> list[JournalledEvent]:
        """Return the events about an order, of all services."""
        requests = {event.correlation_id for event in self.of_aggregate(order_id)}
        events = (event for request in requests for event in self.of_request(request))
        about = [event for event in events if order_id in (event.aggregate_id, event.order_id)]
        return sorted(about, key=_order)

    def between(self, since: datetime, until: datetime) -> list[JournalledEvent]:
        """Return the events that the journal received in a period, both ends included, in the order of arrival."""
        oldest = datetime.now(UTC) - timedelta(seconds=RETENTION_SECONDS)
        since = max(since, oldest)
        hours = []
        hour = since.replace(minute=0, second=0, microsecond=0)
        while hour <= until:
            hours.append(hour_of(hour.timestamp()))
            hour += timedelta(hours=1)

        def ids(hour: str) -> list[str]:
            values = {":hour": hour, ":since": _ms(since), ":until": _ms(until)}
            condition = "#hour = :hour AND journalledAt BETWEEN :since AND :until"
            return self._query_ids(HOUR_INDEX, condition, values, {"#hour": "hour"})

        events = self._events([event_id for found in map_concurrently(ids, hours) for event_id in found])
        return sorted(events, key=lambda event: (event.journalled_at, *_order(event)))

    def find(self, event_filter: EventFilter) -> list[JournalledEvent]:
        """Return the events that match a filter in the order in which they occurred."""
        until = event_filter.until or datetime.now(UTC)
        since = event_filter.since or datetime.fromtimestamp(0, UTC)
        if event_filter.correlation_id:
            events = self.of_request(event_filter.correlation_id)
        elif event_filter.order_id:
            events = self.of_order(event_filter.order_id)
        else:
            events = self.between(since, until)
        matching = (
            event
            for event in events
            if since <= event.journalled_at <= until
            and event_filter.source in (None, event.source)
            and event_filter.detail_type in (None, event.detail_type)
            and event_filter.order_id in (None, event.aggregate_id, event.order_id)
        )
        return sorted(matching, key=_order)

    def follow(self, since: datetime, every_seconds: float = 1.0) -> Iterator[JournalledEvent]:
        """Yield the events that the journal has received since a time, and wait for new ones; never ends.

        Parameters:
            since: time of the first event.
            every_seconds: interval between two queries.
        """
        seen: set[str] = set()
        while True:
            now = datetime.now(UTC)
            fresh = [event for event in self.between(since, now) if event.event_id not in seen]
            yield from fresh
            # Clocks differ, and the index lags behind the table: query the last seconds again.
            since = max(since, now - timedelta(seconds=INDEX_LAG_SECONDS))
            seen |= {event.event_id for event in fresh}
            time.sleep(every_seconds)

    def _query_events(self, index: str, key: str, value: str) -> list[JournalledEvent]:
        return sorted(self._events(self._query_ids(index, f"{key} = :value", {":value": value}, {})), key=_order)

    def _query_ids(self, index: str, condition: str, values: dict[str, object], names: dict[str, str]) -> list[str]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            **({"ExpressionAttributeNames": names} if names else {}),
        )
        return [item["eventId"]["S"] for page in pages for item in page["Items"]]

    def _events(self, event_ids: list[str]) -> list[JournalledEvent]:
        batches = [event_ids[start : start + MAX_READS] for start in range(0, len(event_ids), MAX_READS)]
        return [event for events in map_concurrently(self._get_batch, batches) for event in events]

    def _get_batch(self, event_ids: list[str]) -> list[JournalledEvent]:
        keys = ({"eventId": event_id} for event_id in event_ids)
        return [to_event(item) for item in batch_get(self._dynamodb, self._table, keys)]


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


def _order(event: JournalledEvent) -> tuple[datetime, str]:
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

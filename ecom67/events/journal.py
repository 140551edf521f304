"""The journal, read: one event, those of a request or of an order, those of a time, and what comes now."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bus.attribute_values import from_item, to_item
from bus.batch_items import MAX_READS, batch_get
from bus.journal import AGGREGATE_INDEX, CORRELATION_INDEX, HOUR_INDEX, RETENTION_SECONDS, hour_of
from ecom67.events.event_filter import Selection
from ecom67.stage_client import StageClient, map_concurrently

LATE_SECONDS = 15
"""How much later than its own moment an event may be found in the index of the journal."""


@dataclass(frozen=True, slots=True)
class JournalledEvent:
    """An event as the journal keeps it. What a foreign producer left out is told by EventBridge's own data.

    Attributes:
        faults: what does not fit its contract; none where it does.
        times_seen: how often the bus delivered it to the journal.
        occurred_at: as its producer says.
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
    faults: list[str]
    times_seen: int

    @property
    def order_id(self) -> str | None:
        """The order that the event names, if any."""
        data = self.detail.get("data") if isinstance(self.detail, dict) else None
        named = data.get("orderId") if isinstance(data, dict) else None
        return named if isinstance(named, str) else None

    def message(self) -> dict[str, Any]:
        """Return it as EventBridge delivers it."""
        return {
            "version": "0",
            "id": self.event_id,
            "detail-type": self.detail_type,
            "source": self.source,
            "time": self.journalled_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resources": [],
            "detail": self.detail,
        }

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
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
            "faults": self.faults,
            "detail": self.detail,
        }


def journalled(stored: Mapping[str, Any]) -> JournalledEvent:
    """Return the event that an item of the journal holds."""
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
        faults=item["faults"],
        times_seen=item["timesSeen"],
    )


class JournalReader:
    """The journal of a stage.

    Parameters:
        stage: the stage.
    """

    def __init__(self, stage: StageClient) -> None:
        self._dynamodb = stage.client("dynamodb")
        self._table = stage.published["bus/journal-table"]

    def event(self, event_id: str) -> JournalledEvent | None:
        """Return the event of that id."""
        item = self._dynamodb.get_item(TableName=self._table, Key=to_item({"eventId": event_id})).get("Item")
        return journalled(item) if item else None

    def of_request(self, correlation_id: str) -> list[JournalledEvent]:
        """Return the events of one request, in the order in which they occurred."""
        return self._of(CORRELATION_INDEX, "correlationId", correlation_id)

    def of_aggregate(self, aggregate_id: str) -> list[JournalledEvent]:
        """Return the events by which one thing changed, in the order in which they occurred."""
        return self._of(AGGREGATE_INDEX, "aggregateId", aggregate_id)

    def of_order(self, order_id: str) -> list[JournalledEvent]:
        """Return the events that are about an order, whichever service raised them."""
        requests = {event.correlation_id for event in self.of_aggregate(order_id)}
        events = (event for request in requests for event in self.of_request(request))
        about = [event for event in events if order_id in (event.aggregate_id, event.order_id)]
        return sorted(about, key=_order)

    def between(self, since: datetime, until: datetime) -> list[JournalledEvent]:
        """Return the events that the journal first saw in a time, both ends included, in that order."""
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
            return self._ids(HOUR_INDEX, condition, values, {"#hour": "hour"})

        found = self._events([event_id for some in map_concurrently(ids, hours) for event_id in some])
        return sorted(found, key=lambda event: (event.journalled_at, *_order(event)))

    def selected(self, selection: Selection) -> list[JournalledEvent]:
        """Return what a selection means, in the order in which it occurred."""
        until = selection.until or datetime.now(UTC)
        since = selection.since or datetime.fromtimestamp(0, UTC)
        if selection.correlation_id:
            events = self.of_request(selection.correlation_id)
        elif selection.order_id:
            events = self.of_order(selection.order_id)
        else:
            events = self.between(since, until)
        fitting = (
            event
            for event in events
            if since <= event.journalled_at <= until
            and selection.source in (None, event.source)
            and selection.detail_type in (None, event.detail_type)
            and selection.order_id in (None, event.aggregate_id, event.order_id)
        )
        return sorted(fitting, key=_order)

    def follow(self, since: datetime, every_seconds: float = 1.0) -> Iterator[JournalledEvent]:
        """Yield the events that the journal has seen since a moment, and goes on seeing; it does not end."""
        seen: set[str] = set()
        while True:
            now = datetime.now(UTC)
            fresh = [event for event in self.between(since, now) if event.event_id not in seen]
            yield from fresh
            # Functions' clocks differ a little, and an index is behind its table: look back at what is just past.
            since = max(since, now - timedelta(seconds=LATE_SECONDS))
            seen |= {event.event_id for event in fresh}
            time.sleep(every_seconds)

    def _of(self, index: str, key: str, value: str) -> list[JournalledEvent]:
        return sorted(self._events(self._ids(index, f"{key} = :value", {":value": value}, {})), key=_order)

    def _ids(self, index: str, condition: str, values: dict[str, object], names: dict[str, str]) -> list[str]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            **({"ExpressionAttributeNames": names} if names else {}),
        )
        return [item["eventId"]["S"] for page in pages for item in page["Items"]]

    def _events(self, event_ids: list[str]) -> list[JournalledEvent]:
        calls = [event_ids[start : start + MAX_READS] for start in range(0, len(event_ids), MAX_READS)]
        return [event for found in map_concurrently(self._batch, calls) for event in found]

    def _batch(self, event_ids: list[str]) -> list[JournalledEvent]:
        keys = ({"eventId": event_id} for event_id in event_ids)
        return [journalled(item) for item in batch_get(self._dynamodb, self._table, keys)]


def _order(event: JournalledEvent) -> tuple[datetime, str]:
    return event.occurred_at, event.event_id


def _moment(text: str, otherwise: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

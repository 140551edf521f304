"""The outbox relay: publishes the events of a table's stream on the bus.

It keeps the order of each item's events, stops at the first record that cannot be published and has the stream deliver
from there again. An entry that the bus will never take, or has rejected for ten minutes, is parked in a queue with the
reason, so that one bad record does not block the others.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bus.attribute_values import AttributeValue
from bus.batch import BatchResponse
from bus.clients import client
from bus.log import logger
from bus.outbox import OutboxEntry, new_entries
from bus.publisher import MAX_ENTRIES, Publisher, RejectedEntry
from bus.settings import Settings

PARK_AFTER_SECONDS = 600


@dataclass(frozen=True, slots=True)
class RelayedRecord:
    """One change of one item, and the events that it raised."""

    sequence_number: str
    item_key: str
    created_at: float
    entries: list[OutboxEntry]

    @classmethod
    def of(cls, record: dict[str, Any]) -> "RelayedRecord":
        """Return the change of a DynamoDB stream record (StreamViewType NEW_AND_OLD_IMAGES)."""
        change: dict[str, Any] = record["dynamodb"]
        old: dict[str, AttributeValue] = change.get("OldImage", {})
        new: dict[str, AttributeValue] = change.get("NewImage", {})
        return cls(
            sequence_number=change["SequenceNumber"],
            item_key=json.dumps(change["Keys"], sort_keys=True),
            created_at=float(change.get("ApproximateCreationDateTime", 0)),
            entries=new_entries(old, new),
        )


class Relay:
    """Publishes the events of stream records.

    Parameters:
        publisher: publishes entries on the bus.
        park: stores a rejected entry with its reason, for an operator.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self, publisher: Publisher, park: Callable[[RejectedEntry], None], now: Callable[[], float] = time.time
    ) -> None:
        self._publisher = publisher
        self._park = park
        self._now = now

    def relay(self, records: Sequence[dict[str, Any]]) -> BatchResponse:
        """Publish the events of the records; return the first record that has to be delivered again."""
        for wave in waves([RelayedRecord.of(record) for record in records]):
            stuck = self._relay_wave(wave)
            if stuck is not None:
                return {"batchItemFailures": [{"itemIdentifier": stuck.sequence_number}]}
        return {"batchItemFailures": []}

    def _relay_wave(self, wave: "Wave") -> RelayedRecord | None:
        rejected = self._publisher.publish([entry for _, entry in wave])
        reasons = {rejection.entry.event_id: rejection for rejection in rejected}
        for record, entry in wave:
            rejection = reasons.get(entry.event_id)
            if rejection is None:
                continue
            if rejection.transient and self._now() - record.created_at < PARK_AFTER_SECONDS:
                logger.warning("the bus rejected an event; the stream will deliver it again", reason=rejection.reason)
                return record
            logger.error("an event is parked", reason=rejection.reason, event_id=entry.event_id)
            self._park(rejection)
        return None


Wave = list[tuple[RelayedRecord, OutboxEntry]]


def waves(records: Sequence[RelayedRecord]) -> Iterator[Wave]:
    """Yield the entries in order, in lists of one PutEvents call with at most one event of an item.

    Entries of one call may be rejected one by one, so two events of an item in one call could overtake each other.
    """
    wave: Wave = []
    items: set[str] = set()
    for record in records:
        for entry in record.entries:
            if record.item_key in items or len(wave) == MAX_ENTRIES:
                yield wave
                wave, items = [], set()
            wave.append((record, entry))
            items.add(record.item_key)
    if wave:
        yield wave


class RelaySettings(Settings):
    """The environment of a relay's function."""

    bus_name: str
    parking_queue_url: str


def _park_in(queue_url: str) -> Callable[[RejectedEntry], None]:
    def park(rejection: RejectedEntry) -> None:
        body = {"reason": rejection.reason, "entry": rejection.entry.model_dump()}
        client("sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps(body))

    return park


@cache
def _relay() -> Relay:
    settings = RelaySettings.load()
    return Relay(Publisher(client("events"), settings.bus_name), _park_in(settings.parking_queue_url))


def handler(event: dict[str, Any], _context: object) -> BatchResponse:
    """Publish the events of a batch of stream records (the Lambda handler of every relay)."""
    return _relay().relay(event["Records"])

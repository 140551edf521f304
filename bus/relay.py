"""The outbox relay: from a table's stream to the bus.

It keeps the order of each item's events, stops at the first record that cannot be relayed and has
the stream deliver from there again. What will never be taken, or was refused for ten minutes, is
parked in a queue with the reason, so that one bad record does not hold up the shop.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bus.batch import BatchAnswer
from bus.clients import client
from bus.items import AttributeValue
from bus.log import logger
from bus.outbox import OutboxEntry, raised
from bus.publisher import MAX_ENTRIES, Publisher, Refusal
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
        """Read a DynamoDB stream record (StreamViewType NEW_AND_OLD_IMAGES)."""
        change: dict[str, Any] = record["dynamodb"]
        old: dict[str, AttributeValue] = change.get("OldImage", {})
        new: dict[str, AttributeValue] = change.get("NewImage", {})
        return cls(
            sequence_number=change["SequenceNumber"],
            item_key=json.dumps(change["Keys"], sort_keys=True),
            created_at=float(change.get("ApproximateCreationDateTime", 0)),
            entries=raised(old, new),
        )


class Relay:
    """Relays stream records to the bus.

    Parameters:
        publisher: puts entries on the bus.
        park: keeps a refused entry with its reason, for an operator.
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self, publisher: Publisher, park: Callable[[Refusal], None], now: Callable[[], float] = time.time
    ) -> None:
        self._publisher = publisher
        self._park = park
        self._now = now

    def relay(self, records: Sequence[dict[str, Any]]) -> BatchAnswer:
        """Put the events of the records on the bus; name the first record that has to come again."""
        for wave in waves([RelayedRecord.of(record) for record in records]):
            stuck = self._relay_wave(wave)
            if stuck is not None:
                return {"batchItemFailures": [{"itemIdentifier": stuck.sequence_number}]}
        return {"batchItemFailures": []}

    def _relay_wave(self, wave: "Wave") -> RelayedRecord | None:
        refusals = self._publisher.put([entry for _, entry in wave])
        reasons = {refusal.entry.event_id: refusal for refusal in refusals}
        for record, entry in wave:
            refusal = reasons.get(entry.event_id)
            if refusal is None:
                continue
            if refusal.transient and self._now() - record.created_at < PARK_AFTER_SECONDS:
                logger.warning("the bus refused an event; the stream will deliver it again", reason=refusal.reason)
                return record
            logger.error("an event is parked", reason=refusal.reason, event_id=entry.event_id)
            self._park(refusal)
        return None


Wave = list[tuple[RelayedRecord, OutboxEntry]]


def waves(records: Sequence[RelayedRecord]) -> Iterator[Wave]:
    """Yield the entries in order, in lists of one PutEvents call with at most one event of an item.

    Entries of one call may be refused one by one. Two events of an item in one call could therefore
    overtake each other.
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
    """What the relay of a table is told by its stack."""

    bus_name: str
    parking_queue_url: str


def _park_in(queue_url: str) -> Callable[[Refusal], None]:
    def park(refusal: Refusal) -> None:
        body = {"reason": refusal.reason, "entry": refusal.entry.model_dump()}
        client("sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps(body))

    return park


@cache
def _relay() -> Relay:
    settings = RelaySettings.load()
    return Relay(Publisher(client("events"), settings.bus_name), _park_in(settings.parking_queue_url))


def handler(event: dict[str, Any], _context: object) -> BatchAnswer:
    """Lambda entry of every table's relay."""
    return _relay().relay(event["Records"])

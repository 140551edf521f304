"""What is in quarantine: messages that a consumer could not read, or rejected, each with the reason."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_get
from bus.concurrent_calls import map_concurrently
from bus.journal_reader import JournalledEvent
from bus.quarantine import digest_of
from services.operations.messages import members_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CONSUMER_INDEX = "consumer-index"


@dataclass(frozen=True, slots=True)
class QuarantinedMessage:
    """A message in quarantine, without its body, which may be anything.

    Attributes:
        consumer: the service that could not read it; ``journal`` checks every event on the bus.
        reason: why.
        at: when.
        source: of the event, as far as it can be read; so are the others.
    """

    quarantine_id: str
    consumer: str
    reason: str
    at: datetime
    source: str | None
    detail_type: str | None
    event_id: str | None
    order_id: str | None


class QuarantineReader:
    """Reads the quarantine.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table keyed by ``quarantineId``, with CONSUMER_INDEX.
        consumers: the names of all consumers.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, consumers: Iterable[str]) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._consumers = sorted(consumers)

    def latest(self, limit: int, consumer: str | None = None) -> list[QuarantinedMessage]:
        """Return the messages that came last, the newest first.

        Parameters:
            limit: the most to return.
            consumer: only of this one; None is all.
        """
        consumers = [consumer] if consumer else self._consumers
        found = chain.from_iterable(map_concurrently(partial(self._ids, limit), consumers))
        newest = [quarantine_id for _, quarantine_id in sorted(found, reverse=True)[:limit]]
        return sorted(self._read(newest), key=lambda message: message.at, reverse=True)

    def of_events(self, events: Iterable[JournalledEvent]) -> dict[str, list[QuarantinedMessage]]:
        """Return the messages about some events, by event id: an entry's id is made of its consumer and its content."""
        ids = {
            f"{consumer}.{digest_of(json.dumps(event.message()))}": event.event_id
            for event in events
            for consumer in self._consumers
        }
        found: dict[str, list[QuarantinedMessage]] = {}
        for message in self._read(list(ids)):
            found.setdefault(ids[message.quarantine_id], []).append(message)
        return found

    def _ids(self, limit: int, consumer: str) -> list[tuple[int, str]]:
        page = self._dynamodb.query(
            TableName=self._table,
            IndexName=CONSUMER_INDEX,
            KeyConditionExpression="consumer = :consumer",
            ExpressionAttributeValues=to_item({":consumer": consumer}),
            ScanIndexForward=False,
            Limit=limit,
        )
        return [(item["quarantinedAt"], item["quarantineId"]) for item in map(from_item, page["Items"])]

    def _read(self, ids: list[str]) -> list[QuarantinedMessage]:
        keys = ({"quarantineId": quarantine_id} for quarantine_id in ids)
        return [_message(from_item(item)) for item in batch_get(self._dynamodb, self._table, keys)]


def _message(item: dict[str, Any]) -> QuarantinedMessage:
    members = members_of(item["body"])
    return QuarantinedMessage(
        quarantine_id=item["quarantineId"],
        consumer=item["consumer"],
        reason=item["reason"],
        at=datetime.fromtimestamp(item["quarantinedAt"], UTC),
        source=members.source,
        detail_type=members.detail_type,
        event_id=members.event_id,
        order_id=members.order_id,
    )

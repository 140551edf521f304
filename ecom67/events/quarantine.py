"""The quarantine of a stage: messages that a consumer could not read, each with the reason."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bus.attribute_values import from_item, to_item
from bus.delivery_log import SENT_AGAIN
from ecom67.base.errors import CliError
from ecom67.events.subscriptions import bus_rules
from ecom67.stage_client import StageClient


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A message that a consumer could not read.

    Attributes:
        quarantine_id: id of the entry.
        consumer: name of the consumer; ``journal`` validates every event on the bus.
        reason: the violations, each as ``path: reason``.
        body: the message as received.
        at: when it was quarantined.
    """

    quarantine_id: str
    consumer: str
    reason: str
    body: str
    at: datetime

    @property
    def event(self) -> dict[str, Any]:
        """The message as JSON; empty where it is not a JSON object."""
        try:
            message = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return message if isinstance(message, dict) else {}

    @property
    def event_id(self) -> str | None:
        """The id of the event's metadata, or else EventBridge's own."""
        detail = self.event.get("detail")
        metadata = detail.get("metadata") if isinstance(detail, dict) else None
        event_id = metadata.get("eventId") if isinstance(metadata, dict) else None
        return event_id or self.event.get("id")

    def to_json(self) -> dict[str, Any]:
        """Return the entry for JSON output."""
        return {
            "quarantineId": self.quarantine_id,
            "consumer": self.consumer,
            "reason": self.reason,
            "quarantinedAt": self.at.isoformat().replace("+00:00", "Z"),
            "eventId": self.event_id,
            "source": self.event.get("source"),
            "detailType": self.event.get("detail-type"),
            "body": self.body,
        }


class QuarantineTable:
    """The quarantine table of a stage."""

    def __init__(self, stage: StageClient) -> None:
        self._stage = stage
        self._dynamodb = stage.client("dynamodb")
        self._table = stage.published["bus/quarantine-table"]

    def entries(self, consumer: str | None = None, event_id: str | None = None) -> list[QuarantineEntry]:
        """Return the entries, newest first. The whole table is scanned: it is empty unless there is an incident."""
        matching = (
            entry for entry in self._all() if consumer in (None, entry.consumer) and event_id in (None, entry.event_id)
        )
        return sorted(matching, key=lambda entry: entry.at, reverse=True)

    def entry(self, quarantine_id: str) -> QuarantineEntry:
        """Return the entry with an id; raises CliError where it does not exist."""
        key = to_item({"quarantineId": quarantine_id})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            raise CliError(f"There is no {quarantine_id} in quarantine: released or discarded before, or never there.")
        return _entry_of(item)

    def release(self, entry: QuarantineEntry, body: str) -> str:
        """Send a message to the queue of its consumer, then delete the entry; return the name of the queue.

        After an interruption between the two, the next release sends it again, which idempotent handlers tolerate.

        Parameters:
            entry: the entry.
            body: the message to send, possibly edited.

        Raises CliError where no rule of the stage has a queue of the consumer.
        """
        queue_arn = {rule.consumer: rule.queue_arn for rule in bus_rules(self._stage)}.get(entry.consumer)
        if queue_arn is None:
            raise CliError(
                f"No rule of stage {self._stage.name} has a queue of {entry.consumer}, so it cannot be released."
            )
        sqs = self._stage.client("sqs")
        name = queue_arn.rpartition(":")[2]
        label = "released" if body == entry.body else "released, edited"
        sqs.send_message(
            QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"],
            MessageBody=body,
            MessageAttributes={SENT_AGAIN: {"DataType": "String", "StringValue": label}},
        )
        self.discard(entry)
        return name

    def discard(self, entry: QuarantineEntry) -> None:
        """Delete an entry."""
        self._dynamodb.delete_item(TableName=self._table, Key=to_item({"quarantineId": entry.quarantine_id}))

    def _all(self) -> Iterator[QuarantineEntry]:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table)
        return (_entry_of(item) for page in pages for item in page["Items"])


def _entry_of(stored: dict[str, Any]) -> QuarantineEntry:
    item = from_item(stored)
    return QuarantineEntry(
        quarantine_id=item["quarantineId"],
        consumer=item["consumer"],
        reason=item["reason"],
        body=item["body"],
        at=datetime.fromtimestamp(item["quarantinedAt"], UTC),
    )

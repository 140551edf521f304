"""What no consumer could read, kept with its reason: listed, released to whoever quarantined it, or discarded."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bus.attribute_values import from_item, to_item
from bus.delivery_log import SENT_AGAIN
from ecom67.base.errors import CliError
from ecom67.events.subscriptions import subscriptions
from ecom67.stage_client import StageClient


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that a consumer could not read.

    Attributes:
        quarantine_id: of the entry.
        consumer: who could not read it; ``journal`` is who checks every event on the bus.
        reason: each fault as ``path: why``.
        body: as it came.
        at: when.
    """

    quarantine_id: str
    consumer: str
    reason: str
    body: str
    at: datetime

    @property
    def event(self) -> dict[str, Any]:
        """The message, where it is JSON at all."""
        try:
            message = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return message if isinstance(message, dict) else {}

    @property
    def event_id(self) -> str | None:
        """The id that its producer gave it, or else EventBridge's."""
        detail = self.event.get("detail")
        metadata = detail.get("metadata") if isinstance(detail, dict) else None
        given = metadata.get("eventId") if isinstance(metadata, dict) else None
        return given or self.event.get("id")

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
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
    """The quarantine of a stage.

    Parameters:
        stage: the stage.
    """

    def __init__(self, stage: StageClient) -> None:
        self._stage = stage
        self._dynamodb = stage.client("dynamodb")
        self._table = stage.published["bus/quarantine-table"]

    def entries(self, consumer: str | None = None, event_id: str | None = None) -> list[Quarantined]:
        """Return what is in it, newest first. It is read whole: a table that grows is an incident."""
        found = (
            entry for entry in self._all() if consumer in (None, entry.consumer) and event_id in (None, entry.event_id)
        )
        return sorted(found, key=lambda entry: entry.at, reverse=True)

    def entry(self, quarantine_id: str) -> Quarantined:
        """Return one entry; raises CliError where there is none."""
        key = to_item({"quarantineId": quarantine_id})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            raise CliError(f"There is no {quarantine_id} in quarantine: released or discarded before, or never there.")
        return _quarantined(item)

    def release(self, entry: Quarantined, body: str) -> str:
        """Send a message to the queue of the consumer that quarantined it, then forget it; return the queue's name.

        Interrupted between the two, it is sent again by the next release: handlers run once or more often.

        Parameters:
            entry: in quarantine.
            body: as it is to be sent.
        """
        queue_arn = {rule.consumer: rule.queue_arn for rule in subscriptions(self._stage)}.get(entry.consumer)
        if queue_arn is None:
            raise CliError(
                f"No rule of stage {self._stage.name} has a queue of {entry.consumer}: nobody to release it to."
            )
        sqs = self._stage.client("sqs")
        name = queue_arn.rpartition(":")[2]
        how = "released" if body == entry.body else "released, edited"
        sqs.send_message(
            QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"],
            MessageBody=body,
            MessageAttributes={SENT_AGAIN: {"DataType": "String", "StringValue": how}},
        )
        self.discard(entry)
        return name

    def discard(self, entry: Quarantined) -> None:
        """Forget a message."""
        self._dynamodb.delete_item(TableName=self._table, Key=to_item({"quarantineId": entry.quarantine_id}))

    def _all(self) -> Iterator[Quarantined]:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table)
        return (_quarantined(item) for page in pages for item in page["Items"])


def _quarantined(stored: dict[str, Any]) -> Quarantined:
    item = from_item(stored)
    return Quarantined(
        quarantine_id=item["quarantineId"],
        consumer=item["consumer"],
        reason=item["reason"],
        body=item["body"],
        at=datetime.fromtimestamp(item["quarantinedAt"], UTC),
    )

"""Redrive: sends dead letters back to the queue of the consumer that failed, and parked events to the bus."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bus.delivery_log import SENT_AGAIN
from bus.outbox import OutboxEntry
from bus.publisher import Publisher
from ecom67.base.errors import CliError
from ecom67.events.message_edit import edit_message, message_violations
from ecom67.events.queues import DeadLetterMessage, QueueKind
from ecom67.events.sqs_batches import in_batches
from ecom67.stage_client import StageClient


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Selects dead letters; a condition that is None matches all.

    Attributes:
        detail_type: detail type of the event, or ``command``.
        correlation_id: id of the request.
        event_id: id of the event, or of the event that caused the command.
        message_id: id of the SQS message.
    """

    detail_type: str | None = None
    correlation_id: str | None = None
    event_id: str | None = None
    message_id: str | None = None

    def matches(self, message: DeadLetterMessage) -> bool:
        """Return whether all conditions hold for a message."""
        return (
            self.detail_type in (None, message.message_type)
            and self.correlation_id in (None, message.correlation_id)
            and self.event_id in (None, message.event_id)
            and self.message_id in (None, message.message_id)
        )


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """A message that is ready to be sent again: its body after changes, and its contract violations."""

    message: DeadLetterMessage
    body: str
    violations: list[str]


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that was sent again, or why it was refused and stays where it is."""

    message: DeadLetterMessage
    refusal: str | None


def prepare(message: DeadLetterMessage, assignments: list[str], in_editor: bool) -> PreparedMessage:
    """Return a message with changes, validated against its contract.

    Of a parked message, the event in it is changed and validated.

    Parameters:
        message: the dead letter.
        assignments: changes such as ``data.orderId=abc``; see ``edit_message``.
        in_editor: whether to open ``$EDITOR``.
    """
    original = message.body if message.queue.kind is QueueKind.DEAD_LETTERS else json.dumps(message.event)
    body = edit_message(original, assignments, in_editor)
    return PreparedMessage(message, body, message_violations(body))


class Redriver:
    """Sends dead letters of a stage again, or deletes them."""

    def __init__(self, stage: StageClient) -> None:
        self._sqs = stage.client("sqs")
        self._publisher = Publisher(stage.client("events"), stage.published["bus/name"])

    def send(self, prepared: Iterable[PreparedMessage]) -> Iterator[SentMessage]:
        """Send messages and delete each from its queue once it was taken; yield them as they are done.

        They are sent in calls of ten. An interruption between sending and deleting leaves ten messages in both queues,
        which idempotent handlers tolerate.
        """
        for batch in in_batches(prepared, key=lambda one: one.message.queue.url, body=lambda one: one.body):
            refusals = self._publish(batch) if batch[0].message.queue.source_url is None else self._send(batch)
            taken = [one.message for number, one in enumerate(batch) if number not in refusals]
            self.delete(taken)
            yield from (SentMessage(one.message, refusals.get(number)) for number, one in enumerate(batch))

    def delete(self, messages: Iterable[DeadLetterMessage]) -> None:
        """Delete messages from their queues; raises CliError where SQS does not delete one."""
        for batch in in_batches(messages, key=lambda message: message.queue.url):
            entries = [
                {"Id": str(number), "ReceiptHandle": message.receipt_handle} for number, message in enumerate(batch)
            ]
            answer = self._sqs.delete_message_batch(QueueUrl=batch[0].queue.url, Entries=entries)
            if failed := answer.get("Failed"):
                raise CliError(f"{batch[0].queue.name} still holds {len(failed)} of them: {failed[0].get('Message')}.")

    def _send(self, batch: list[PreparedMessage]) -> dict[int, str]:
        """Send messages to the queue of their consumer; return why some were refused, by their place in the batch."""
        entries = [
            {
                "Id": str(number),
                "MessageBody": one.body,
                "MessageAttributes": {SENT_AGAIN: {"DataType": "String", "StringValue": _label(one)}},
            }
            for number, one in enumerate(batch)
        ]
        answer = self._sqs.send_message_batch(QueueUrl=batch[0].message.queue.source_url, Entries=entries)
        return {int(one["Id"]): f"{one['Code']}: {one.get('Message', '')}" for one in answer.get("Failed", [])}

    def _publish(self, batch: list[PreparedMessage]) -> dict[int, str]:
        """Put parked events on the bus; return why some were rejected, by their place in the batch."""
        entries = [_entry(one) for one in batch]
        rejected = self._publisher.publish(entries)
        return {entries.index(rejection.entry): rejection.reason for rejection in rejected}


def _label(prepared: PreparedMessage) -> str:
    return "redriven" if prepared.body == prepared.message.body else "redriven, edited"


def _entry(prepared: PreparedMessage) -> OutboxEntry:
    event = json.loads(prepared.body)
    return OutboxEntry(
        event_id=str(prepared.message.event_id),
        source=event["source"],
        detail_type=event["detail-type"],
        detail=json.dumps(event["detail"], ensure_ascii=False),
    )

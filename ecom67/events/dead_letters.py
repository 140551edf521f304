"""Redrive: sends dead letters back to the queue of the consumer that failed, and parked events to the bus."""

import json
from dataclasses import dataclass

from bus.delivery_log import SENT_AGAIN
from bus.outbox import OutboxEntry
from bus.publisher import Publisher
from ecom67.events.message_edit import edit_message, message_violations
from ecom67.events.queues import DeadLetterMessage, QueueKind
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

    def send(self, prepared: PreparedMessage) -> str | None:
        """Send a message and delete it from its queue; return why it was refused, or None.

        An interruption between the two leaves it in both queues, which idempotent handlers tolerate.
        """
        message = prepared.message
        if message.queue.source_url is None:
            refusal = self._publish(prepared)
        else:
            label = "redriven" if prepared.body == message.body else "redriven, edited"
            self._sqs.send_message(
                QueueUrl=message.queue.source_url,
                MessageBody=prepared.body,
                MessageAttributes={SENT_AGAIN: {"DataType": "String", "StringValue": label}},
            )
            refusal = None
        if refusal is None:
            self.delete(message)
        return refusal

    def delete(self, message: DeadLetterMessage) -> None:
        """Delete a message from its queue."""
        self._sqs.delete_message(QueueUrl=message.queue.url, ReceiptHandle=message.receipt_handle)

    def _publish(self, prepared: PreparedMessage) -> str | None:
        event = json.loads(prepared.body)
        entry = OutboxEntry(
            event_id=str(prepared.message.event_id),
            source=event["source"],
            detail_type=event["detail-type"],
            detail=json.dumps(event["detail"], ensure_ascii=False),
        )
        refusals = self._publisher.publish([entry])
        return refusals[0].reason if refusals else None

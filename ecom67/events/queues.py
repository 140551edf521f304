"""The dead-letter queues of a stage: those of its consumers, and the parking queues of its outbox relays."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bus.concurrent_calls import MAX_CONCURRENT_CALLS, map_concurrently
from ecom67.base.errors import CliError
from ecom67.events.sqs_batches import MAX_MESSAGES_PER_CALL, in_batches
from ecom67.stage_client import Resource, StageClient

SHORTEST_HOLD_SECONDS = 300
LONGEST_HOLD_SECONDS = 12 * 3600
"""The longest visibility timeout; source: SQS's API reference."""
MESSAGES_PER_SECOND = 10
"""What a command handles at least, so that no message is visible to others before its turn."""


class QueueKind(StrEnum):
    """What a queue holds."""

    DEAD_LETTERS = "dead letters"
    PARKED = "parked events"


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """A dead-letter queue of a consumer, or the parking queue of a relay.

    Attributes:
        service: the service that owns it.
        name: name without the stage's prefix, such as ``cart-events-dlq``.
        kind: what it holds.
        url: its URL.
        source_arn: ARN of the queue whose dead letters it receives; None for a parking queue.
        source_url: URL of that queue.
        messages: approximate number of messages.
    """

    service: str
    name: str
    kind: QueueKind
    url: str
    source_arn: str | None
    source_url: str | None
    messages: int


@dataclass(frozen=True, slots=True)
class DeadLetterMessage:
    """A message of a dead-letter queue.

    Attributes:
        queue: the queue.
        message_id: id of the SQS message.
        body: its body.
        sent_at: when it was sent to the queue of its consumer.
        receipt_handle: allows its deletion while it is hidden from others.
        attributes: its message attributes.
    """

    queue: DeadLetterQueue
    message_id: str
    body: str
    sent_at: datetime
    receipt_handle: str
    attributes: dict[str, Any]

    @property
    def event(self) -> dict[str, Any]:
        """The event in it, as EventBridge delivers it; empty where it is a command or unreadable."""
        message = _object(self.body)
        if self.queue.kind is QueueKind.PARKED:
            entry = _dict(message.get("entry"))
            detail = _object(str(entry.get("detail", "")))
            return {"source": entry.get("source"), "detail-type": entry.get("detailType"), "detail": detail}
        return message if "detail-type" in message else {}

    @property
    def message_type(self) -> str:
        """The detail type of the event, or ``command``, or ``unreadable``."""
        return str(self.event.get("detail-type") or ("command" if "input" in _object(self.body) else "unreadable"))

    @property
    def event_id(self) -> str | None:
        """The id of the event; of a command, the id of the event that caused it."""
        event_id = self._metadata.get("eventId") or self._context.get("causationId")
        return str(event_id) if event_id else None

    @property
    def correlation_id(self) -> str | None:
        """The id of the request that it belongs to."""
        correlation_id = self._metadata.get("correlationId") or self._context.get("correlationId")
        return str(correlation_id) if correlation_id else None

    @property
    def reason(self) -> str | None:
        """Why it is here, where the message contains that."""
        if self.queue.kind is QueueKind.PARKED:
            return str(_object(self.body).get("reason"))
        error = self.attributes.get("ERROR_MESSAGE") or self.attributes.get("ERROR_CODE") or {}
        return str(error["StringValue"]) if "StringValue" in error else None

    @property
    def _metadata(self) -> dict[str, Any]:
        return _dict(_dict(self.event.get("detail")).get("metadata"))

    @property
    def _context(self) -> dict[str, Any]:
        return _dict(_object(self.body).get("context"))


def dead_letter_queues(stage: StageClient, service: str | None = None) -> list[DeadLetterQueue]:
    """Return the dead-letter and parking queues of a stage, or of one service, sorted by name.

    Raises CliError where there are none.
    """
    sqs = stage.client("sqs")
    queues = list(stage.of_kind("AWS::SQS::Queue"))

    def attributes(queue: Resource) -> dict[str, str]:
        answer = sqs.get_queue_attributes(QueueUrl=queue.physical_id, AttributeNames=["All"])
        result: dict[str, str] = answer["Attributes"]
        return result

    with_attributes = list(zip(queues, map_concurrently(attributes, queues), strict=True))
    sources = {
        json.loads(values["RedrivePolicy"])["deadLetterTargetArn"]: (values["QueueArn"], queue.physical_id)
        for queue, values in with_attributes
        if "RedrivePolicy" in values
    }
    found = []
    for queue, values in with_attributes:
        name = values["QueueArn"].rpartition(":")[2].removeprefix(stage.prefix)
        source_arn, source_url = sources.get(values["QueueArn"], (None, None))
        if source_arn is None and not name.endswith("parking"):
            continue
        kind = QueueKind.DEAD_LETTERS if source_arn else QueueKind.PARKED
        messages = int(values["ApproximateNumberOfMessages"]) + int(values["ApproximateNumberOfMessagesNotVisible"])
        found.append(DeadLetterQueue(queue.service, name, kind, queue.physical_id, source_arn, source_url, messages))
    selected = sorted((queue for queue in found if service in (None, queue.service)), key=lambda queue: queue.name)
    if not selected:
        services = ", ".join(sorted({queue.service for queue in found}))
        raise CliError(f"{service!r} has no queue of dead letters. There are: {services}.")
    return selected


@contextmanager
def receive_messages(
    stage: StageClient, queues: list[DeadLetterQueue], limit: int
) -> Iterator[list[DeadLetterMessage]]:
    """Yield the messages of some queues, and make those that were not deleted visible again at the end.

    The messages are hidden from others in the meantime. Their receive count increases, which has no effect on these
    queues.

    Parameters:
        stage: the stage.
        queues: the queues; empty ones are skipped.
        limit: maximum number of messages per queue.
    """
    sqs = stage.client("sqs")
    messages: list[DeadLetterMessage] = []
    try:
        for queue in queues:
            if queue.messages:
                messages += _receive(sqs, queue, limit)
        yield messages
    finally:
        _release(sqs, messages)


def _receive(sqs: Any, queue: DeadLetterQueue, limit: int) -> list[DeadLetterMessage]:
    found: dict[str, DeadLetterMessage] = {}
    hold = min(LONGEST_HOLD_SECONDS, SHORTEST_HOLD_SECONDS + min(limit, queue.messages) // MESSAGES_PER_SECOND)

    def receive(count: int) -> list[dict[str, Any]]:
        answer = sqs.receive_message(
            QueueUrl=queue.url,
            MaxNumberOfMessages=count,
            VisibilityTimeout=hold,
            WaitTimeSeconds=1,
            AttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        )
        received: list[dict[str, Any]] = answer.get("Messages", [])
        return received

    while counts := _next_calls(min(limit, queue.messages) - len(found)):
        before = len(found)
        for message in (message for received in map_concurrently(receive, counts) for message in received):
            found[message["MessageId"]] = DeadLetterMessage(
                queue=queue,
                message_id=message["MessageId"],
                body=message["Body"],
                sent_at=datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC),
                receipt_handle=message["ReceiptHandle"],
                attributes=message.get("MessageAttributes", {}),
            )
        if len(found) == before:
            break
    return list(found.values())


def _next_calls(missing: int) -> list[int]:
    """Return how many messages each of the next calls asks for."""
    starts = range(0, missing, MAX_MESSAGES_PER_CALL)[:MAX_CONCURRENT_CALLS]
    return [min(MAX_MESSAGES_PER_CALL, missing - start) for start in starts]


def _release(sqs: Any, messages: Iterable[DeadLetterMessage]) -> None:
    def release(batch: Sequence[DeadLetterMessage]) -> None:
        entries = [
            {"Id": str(number), "ReceiptHandle": message.receipt_handle, "VisibilityTimeout": 0}
            for number, message in enumerate(batch)
        ]
        # SQS refuses those that were deleted in the meantime, each by itself. The others become visible again anyway.
        with suppress(sqs.exceptions.ClientError):
            sqs.change_message_visibility_batch(QueueUrl=batch[0].queue.url, Entries=entries)

    map_concurrently(release, in_batches(messages, key=lambda message: message.queue.url))


def _object(text: str) -> dict[str, Any]:
    try:
        return _dict(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

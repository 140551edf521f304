"""Where what failed waits for somebody: the dead-letter queues of a stage, and the parking queues of its relays."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ecom67.base.errors import CliError
from ecom67.stage_client import Resource, StageClient, map_concurrently

HELD_SECONDS = 300
"""How long nobody else sees a message that an operator's command looks at; it gives them back when it is done."""
MESSAGES_A_CALL = 10


class Kind(StrEnum):
    """What waits in a queue."""

    DEAD_LETTERS = "dead letters"
    PARKED = "parked events"


@dataclass(frozen=True, slots=True)
class WaitingQueue:
    """A queue in which what failed waits.

    Attributes:
        service: whose it is.
        name: without the stage's prefix, such as ``cart-events-dlq``.
        kind: what waits in it.
        url: its address.
        source_arn: the queue whose messages end here; None for a parking queue.
        source_url: the address of that.
        messages: about how many wait.
    """

    service: str
    name: str
    kind: Kind
    url: str
    source_arn: str | None
    source_url: str | None
    messages: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that waits.

    Attributes:
        queue: in which it waits.
        message_id: of SQS.
        body: as it was sent.
        sent_at: when it was sent to the queue of its consumer.
        receipt: by which it can be deleted now.
        attributes: that it was sent with.
    """

    queue: WaitingQueue
    message_id: str
    body: str
    sent_at: datetime
    receipt: str
    attributes: dict[str, Any]

    @property
    def event(self) -> dict[str, Any]:
        """The event in it, as EventBridge delivers it; empty where it holds none."""
        message = _object(self.body)
        if self.queue.kind is Kind.PARKED:
            entry = _dict(message.get("entry"))
            detail = _object(str(entry.get("detail", "")))
            return {"source": entry.get("source"), "detail-type": entry.get("detailType"), "detail": detail}
        return message if "detail-type" in message else {}

    @property
    def what(self) -> str:
        """The event's type, or that it is a command."""
        return str(self.event.get("detail-type") or ("command" if "input" in _object(self.body) else "unreadable"))

    @property
    def event_id(self) -> str | None:
        """The event's id; of a command, that of the event that caused it."""
        found = self._metadata.get("eventId") or self._context.get("causationId")
        return str(found) if found else None

    @property
    def correlation_id(self) -> str | None:
        """The request that it belongs to."""
        found = self._metadata.get("correlationId") or self._context.get("correlationId")
        return str(found) if found else None

    @property
    def reason(self) -> str | None:
        """Why it waits, where the message itself tells."""
        if self.queue.kind is Kind.PARKED:
            return str(_object(self.body).get("reason"))
        told = self.attributes.get("ERROR_MESSAGE") or self.attributes.get("ERROR_CODE") or {}
        return str(told["StringValue"]) if "StringValue" in told else None

    @property
    def _metadata(self) -> dict[str, Any]:
        return _dict(_dict(self.event.get("detail")).get("metadata"))

    @property
    def _context(self) -> dict[str, Any]:
        return _dict(_object(self.body).get("context"))


def waiting_queues(stage: StageClient, service: str | None = None) -> list[WaitingQueue]:
    """Return the dead-letter and parking queues of a stage, or of one service.

    Raises CliError where the service has none.
    """
    sqs = stage.client("sqs")
    queues = list(stage.of_kind("AWS::SQS::Queue"))

    def attributes(queue: Resource) -> dict[str, str]:
        found: dict[str, str] = sqs.get_queue_attributes(QueueUrl=queue.physical_id, AttributeNames=["All"])[
            "Attributes"
        ]
        return found

    read = list(zip(queues, map_concurrently(attributes, queues), strict=True))
    sources = {
        json.loads(held["RedrivePolicy"])["deadLetterTargetArn"]: (held["QueueArn"], queue.physical_id)
        for queue, held in read
        if "RedrivePolicy" in held
    }
    found = []
    for queue, held in read:
        name = held["QueueArn"].rpartition(":")[2].removeprefix(stage.prefix)
        source_arn, source_url = sources.get(held["QueueArn"], (None, None))
        if source_arn is None and not name.endswith("parking"):
            continue
        kind = Kind.DEAD_LETTERS if source_arn else Kind.PARKED
        messages = int(held["ApproximateNumberOfMessages"]) + int(held["ApproximateNumberOfMessagesNotVisible"])
        found.append(WaitingQueue(queue.service, name, kind, queue.physical_id, source_arn, source_url, messages))
    chosen = sorted((queue for queue in found if service in (None, queue.service)), key=lambda queue: queue.name)
    if not chosen:
        services = ", ".join(sorted({queue.service for queue in found}))
        raise CliError(f"{service!r} has no queue of dead letters. There are: {services}.")
    return chosen


@contextmanager
def letters(stage: StageClient, queues: list[WaitingQueue], limit: int) -> Iterator[list[Letter]]:
    """Give the messages that wait in some queues, and give back those that are still there afterwards.

    Nobody else sees them meanwhile. To look at a message counts as a receipt of it, which in these
    queues means nothing.

    Parameters:
        stage: the stage.
        queues: in which to look; empty ones cost no call.
        limit: at the most so many of each queue.
    """
    sqs = stage.client("sqs")
    found: list[Letter] = []
    try:
        for queue in queues:
            if queue.messages:
                found += _received(sqs, queue, limit)
        yield found
    finally:
        for letter in found:
            try:
                sqs.change_message_visibility(
                    QueueUrl=letter.queue.url, ReceiptHandle=letter.receipt, VisibilityTimeout=0
                )
            except sqs.exceptions.ClientError:
                continue


def _received(sqs: Any, queue: WaitingQueue, limit: int) -> list[Letter]:
    found: dict[str, Letter] = {}
    while len(found) < limit:
        answer = sqs.receive_message(
            QueueUrl=queue.url,
            MaxNumberOfMessages=min(MESSAGES_A_CALL, limit - len(found)),
            VisibilityTimeout=HELD_SECONDS,
            WaitTimeSeconds=1,
            AttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        )
        messages = answer.get("Messages", [])
        if not messages:
            break
        for message in messages:
            found[message["MessageId"]] = Letter(
                queue=queue,
                message_id=message["MessageId"],
                body=message["Body"],
                sent_at=datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC),
                receipt=message["ReceiptHandle"],
                attributes=message.get("MessageAttributes", {}),
            )
        if len(found) >= queue.messages:
            break
    return list(found.values())


def _object(text: str) -> dict[str, Any]:
    try:
        return _dict(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

"""The queues of all consumers, and the dead-letter queues behind them."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from bus.concurrent_calls import map_concurrently
from bus.delivery_log import SENT_AGAIN
from services.operations.messages import members_of

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

SUFFIX = "-dlq"
PER_CALL = 10
"""Messages that SQS takes and gives in one call."""
LOOK_SECONDS = 30
"""How long a message that is looked at is hidden from others, unless the look ends before."""
MOVE_SECONDS = 60


class UnknownQueueError(LookupError):
    """There is no such queue."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that its consumer has failed to handle.

    Attributes:
        queue: the dead-letter queue without the stage's prefix, such as ``cart-events-dlq``.
        message_type: the detail type of the event, or ``command``, or ``unreadable``.
        event_id: of the event; of a command, of the event that caused it.
        correlation_id: of the request that it belongs to.
        order_id: of its data, if it is about an order.
    """

    queue: str
    message_id: str
    message_type: str
    sent_at: datetime
    event_id: str | None
    correlation_id: str | None
    order_id: str | None


@dataclass(frozen=True, slots=True)
class Redriven:
    """What a redrive has done: messages that were sent to their consumer again, and those that are left."""

    sent: int
    left: int


class Queues:
    """The queues of a stage.

    Parameters:
        sqs: the SQS client.
        prefix: of the queues' names, such as ``ecom67-dev-``.
        dead_letter_queues: their names without the prefix.
        clock: returns seconds of a clock that never goes back; replaced in tests.
    """

    def __init__(
        self,
        sqs: "SQSClient",
        prefix: str,
        dead_letter_queues: Iterable[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sqs = sqs
        self._prefix = prefix
        self._names = sorted(dead_letter_queues)
        self._clock = clock
        self._url = cache(lambda name: self._sqs.get_queue_url(QueueName=f"{prefix}{name}")["QueueUrl"])

    def send(self, queue: str, message: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
        """Send a message to a queue.

        Parameters:
            queue: its name without the stage's prefix.
            message: the body as JSON.
            attributes: message attributes.
        """
        self._sqs.send_message(
            QueueUrl=self._url(queue),
            MessageBody=json.dumps(message, ensure_ascii=False),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        )

    def counts(self) -> dict[str, int]:
        """Return how many messages each dead-letter queue holds, about."""
        return dict(zip(self._names, map_concurrently(self._count, self._names), strict=True))

    def peek(self, queue: str, limit: int) -> list[DeadLetter]:
        """Return some dead letters of a queue, which stay there, the oldest first.

        Parameters:
            queue: the queue.
            limit: the most to return.
        """
        url, found = self._url(queue), dict[str, dict[str, Any]]()
        try:
            while len(found) < limit and (received := self._receive(url, limit - len(found), LOOK_SECONDS)):
                found |= {message["MessageId"]: message for message in received}
        finally:
            self._show_again(url, list(found.values()))
        return sorted((_dead_letter(queue, message) for message in found.values()), key=lambda letter: letter.sent_at)

    def redrive(self, queue: str, seconds: float) -> Redriven:
        """Send the dead letters of a queue to their consumer again.

        Each is sent first and deleted then, so an interruption may duplicate one, which handlers tolerate. No more are
        sent than were there at the start: what fails again at once is not taken a second time.

        Parameters:
            queue: the dead-letter queue.
            seconds: how long to go on at most.

        Raises UnknownQueueError where there is none of that name.
        """
        if queue not in self._names:
            raise UnknownQueueError(queue)
        url, source = self._url(queue), self._url(queue.removesuffix(SUFFIX))
        waiting, sent, deadline = self._count(queue), 0, self._clock() + seconds
        while sent < waiting and self._clock() < deadline:
            received = self._receive(url, waiting - sent, MOVE_SECONDS)
            if not received:
                break
            sent += self._move(received, url, source)
        return Redriven(sent, max(0, waiting - sent))

    def _move(self, messages: list[dict[str, Any]], url: str, source: str) -> int:
        entries: Any = [
            {
                "Id": str(number),
                "MessageBody": message["Body"],
                "MessageAttributes": {SENT_AGAIN: {"DataType": "String", "StringValue": "redriven"}},
            }
            for number, message in enumerate(messages)
        ]
        refused = {
            int(one["Id"]) for one in self._sqs.send_message_batch(QueueUrl=source, Entries=entries).get("Failed", [])
        }
        taken: Any = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
            if number not in refused
        ]
        if taken:
            self._sqs.delete_message_batch(QueueUrl=url, Entries=taken)
        self._show_again(url, [message for number, message in enumerate(messages) if number in refused])
        return len(taken)

    def _count(self, queue: str) -> int:
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url(queue), AttributeNames=names)["Attributes"]
        return sum(int(value) for value in attributes.values())

    def _receive(self, url: str, wanted: int, hidden_seconds: int) -> list[dict[str, Any]]:
        answer: Any = self._sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=min(PER_CALL, wanted),
            VisibilityTimeout=hidden_seconds,
            # A short wait asks all servers of the queue, not only some.
            WaitTimeSeconds=1,
            AttributeNames=["SentTimestamp"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def _show_again(self, url: str, messages: list[dict[str, Any]]) -> None:
        for start in range(0, len(messages), PER_CALL):
            entries: Any = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
                for number, message in enumerate(messages[start : start + PER_CALL])
            ]
            self._sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)


def _dead_letter(queue: str, message: Mapping[str, Any]) -> DeadLetter:
    members = members_of(message["Body"])
    return DeadLetter(
        queue=queue,
        message_id=message["MessageId"],
        message_type=members.detail_type or ("command" if members.is_command else "unreadable"),
        sent_at=datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC),
        event_id=members.event_id,
        correlation_id=members.correlation_id,
        order_id=members.order_id,
    )

"""Responses of the HTTP routes of operations, and their requests."""

from pydantic import Field

from bus.event_tree import EventNode
from schemas.contract import Contract, Timestamp
from services.operations.domain import Finding
from services.operations.quarantine import QuarantinedMessage
from services.operations.queues import DeadLetter


class TracedEvent(Contract):
    """An event of a trace, after the one that caused it and before what it caused."""

    event_id: str
    detail_type: str
    source: str
    occurred_at: Timestamp
    aggregate_id: str
    depth: int = Field(description="0 for an event that no other one of the trace caused.")
    causation_id: str | None = None
    cause_missing: bool = Field(description="Whether the journal does not have its cause.")
    delay_ms: int | None = Field(default=None, description="Milliseconds since its cause.")
    times_seen: int = Field(description="How often the bus has delivered it to the journal.")
    violations: list[str] = Field(description="Of its contract.")
    quarantined: list["QuarantineView"] = []
    dead_letters: list[str] = Field(default=[], description="The dead-letter queues that hold it.")

    @classmethod
    def of(
        cls, node: EventNode, depth: int, quarantined: list[QuarantinedMessage], dead_letters: list[str]
    ) -> "TracedEvent":
        """Return the view of an event in its tree."""
        event = node.event
        return cls(
            event_id=event.event_id,
            detail_type=event.detail_type,
            source=event.source,
            occurred_at=event.occurred_at,
            aggregate_id=event.aggregate_id,
            depth=depth,
            causation_id=event.causation_id,
            cause_missing=node.cause_missing,
            delay_ms=node.delay_ms,
            times_seen=event.times_seen,
            violations=event.violations,
            quarantined=[QuarantineView.of(message) for message in quarantined],
            dead_letters=dead_letters,
        )


class TracedRequest(Contract):
    """What one request, or one run of a timer, has caused: its events as a tree, each after its cause."""

    correlation_id: str
    events: list[TracedEvent]


class EventTrace(Contract):
    """All requests about an order, the first one first."""

    subject: str
    requests: list[TracedRequest]


class QuarantineView(Contract):
    """A message that a consumer could not read, or rejected; without its content."""

    quarantine_id: str
    consumer: str = Field(description="The service; the journal checks every event on the bus.")
    reason: str
    quarantined_at: Timestamp
    source: str | None = None
    detail_type: str | None = None
    event_id: str | None = None
    order_id: str | None = None

    @classmethod
    def of(cls, message: QuarantinedMessage) -> "QuarantineView":
        """Return the view of a message."""
        return cls(
            quarantine_id=message.quarantine_id,
            consumer=message.consumer,
            reason=message.reason,
            quarantined_at=message.at,
            source=message.source,
            detail_type=message.detail_type,
            event_id=message.event_id,
            order_id=message.order_id,
        )


class QuarantineList(Contract):
    """The messages that came into quarantine last, the newest first."""

    items: list[QuarantineView]


class DeadLetterView(Contract):
    """A message that its consumer has failed to handle; without its content, which may have an address in it."""

    message_id: str
    message_type: str = Field(description="The detail type of the event, or `command`, or `unreadable`.")
    sent_at: Timestamp
    event_id: str | None = None
    correlation_id: str | None = None
    order_id: str | None = None

    @classmethod
    def of(cls, letter: DeadLetter) -> "DeadLetterView":
        """Return the view of a dead letter."""
        return cls(
            message_id=letter.message_id,
            message_type=letter.message_type,
            sent_at=letter.sent_at,
            event_id=letter.event_id,
            correlation_id=letter.correlation_id,
            order_id=letter.order_id,
        )


class DeadLetterQueueView(Contract):
    """A queue of dead letters that is not empty."""

    queue: str = Field(description="Its name without the stage, such as `cart-events-dlq`.")
    messages: int = Field(description="How many it holds, about.")
    oldest: list[DeadLetterView] = Field(description="Some of them.")


class DeadLetterQueues(Contract):
    """The queues of dead letters that are not empty, by name."""

    items: list[DeadLetterQueueView]


class RedriveView(Contract):
    """What a redrive has done."""

    queue: str
    sent: int = Field(description="Messages that their consumer gets again.")
    left: int = Field(description="Those that there was no time for, about.")


class DifferencePage(Contract):
    """Differences between the records of the services, those that were found last first."""

    items: list[Finding]
    next_cursor: str | None = None


class Acceptance(Contract):
    """Why a difference is known and needs nobody any more."""

    note: str = Field(min_length=1, max_length=500)

"""The trace of a request: its events as a tree by cause, their deliveries to consumers, and what is missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bus.delivery_log import Outcome
from bus.event_tree import EventNode, build_trees
from bus.journal_reader import JournalledEvent
from ecom67.base.errors import CliError
from ecom67.events.delivery_log import LoggedDelivery, logged_deliveries
from ecom67.events.journal import StageJournal
from ecom67.events.queues import DeadLetterMessage, dead_letter_queues, receive_messages
from ecom67.events.subscriptions import JOURNAL, bus_rules, functions_by_queue, matches
from ecom67.stage_client import StageClient

MAX_MESSAGES_PER_QUEUE = 1000
"""How many messages of each dead-letter queue are searched."""
DELIVERY_TIMEOUT = timedelta(seconds=30)
"""How long a delivery may take before it counts as missing."""


@dataclass(slots=True)
class ConsumerTrace:
    """The deliveries of an event or a command to one function.

    Attributes:
        function: name of the function, such as ``cart-events``.
        deliveries: the deliveries in chronological order.
        dead_letter: name of the dead-letter queue that holds the message, if any.
        expected: whether the function is subscribed to the event; False for commands.
    """

    function: str
    deliveries: list[LoggedDelivery] = field(default_factory=list)
    dead_letter: str | None = None
    expected: bool = True

    @property
    def succeeded(self) -> bool:
        """Whether the last delivery succeeded and there is no dead letter."""
        handled = bool(self.deliveries) and self.deliveries[-1].outcome in (Outcome.HANDLED, Outcome.SUPPRESSED)
        return handled and self.dead_letter is None


@dataclass(slots=True)
class TracedEvent(EventNode):
    """An event in the tree, with what became of it.

    Attributes:
        consumers: its deliveries by function.
    """

    consumers: list[ConsumerTrace] = field(default_factory=list)

    def gaps(self, now: datetime) -> list[str]:
        """Return what is missing or has failed for this event, as texts.

        Parameters:
            now: when the trace was made; later deliveries are not missing yet.
        """
        gaps = ["its cause is not in the journal"] if self.cause_missing else []
        gaps += [f"does not fit its contract: {violation}" for violation in self.event.violations]
        for consumer in self.consumers:
            if consumer.dead_letter:
                gaps.append(f"{consumer.function}: a dead letter, waits in {consumer.dead_letter}")
            elif not consumer.deliveries and now - self.event.journalled_at > DELIVERY_TIMEOUT:
                gaps.append(f"{consumer.function}: subscribed, and its log has no delivery")
        return gaps


@dataclass(slots=True)
class RequestTrace:
    """The trace of one request.

    Attributes:
        correlation_id: id of the request.
        roots: events that no other event caused, or whose cause is missing.
        commands: deliveries of queued commands that no event caused.
    """

    correlation_id: str
    roots: list[TracedEvent]
    commands: list[ConsumerTrace] = field(default_factory=list)

    def nodes(self) -> Iterator[TracedEvent]:
        """Yield all events, causes first."""
        for root in self.roots:
            yield from root.walk()


@dataclass(slots=True)
class Trace:
    """The trace of all requests about a subject.

    Attributes:
        subject: the requested id.
        requests: the requests in the order in which they began.
        dead_letters_truncated: whether a dead-letter queue held more messages than were searched.
        at: when the trace was made.
    """

    subject: str
    requests: list[RequestTrace]
    dead_letters_truncated: bool = False
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def gaps(self) -> list[str]:
        """Return all that is missing or has failed, each with the name of its event or function."""
        gaps = [
            f"{node.event.detail_type}: {gap}"
            for request in self.requests
            for node in request.nodes()
            for gap in node.gaps(self.at)
        ]
        gaps += [
            f"{command.function}: a dead letter, waits in {command.dead_letter}"
            for request in self.requests
            for command in request.commands
            if command.dead_letter
        ]
        return gaps


def trace(stage: StageClient, subject: str) -> Trace:
    """Return the trace of a request, of an aggregate such as an order, or of an event.

    Parameters:
        stage: the stage.
        subject: a correlation id, an aggregate id, or an event id.

    Raises CliError where the journal has no event of it.
    """
    journal = StageJournal(stage)
    events_by_request = _find_requests(journal, subject)
    if not events_by_request:
        raise CliError(
            f"The journal of stage {stage.name} has no event of {subject}: no such request, order or event, "
            "or it is older than 30 days, or it has not come yet."
        )
    since = earliest(event for events in events_by_request.values() for event in events)
    deliveries = logged_deliveries(stage, events_by_request, since)
    queues = [queue for queue in dead_letter_queues(stage) if queue.messages]
    with receive_messages(stage, queues, MAX_MESSAGES_PER_QUEUE) as messages:
        dead_letters = [message for message in messages if message.correlation_id in events_by_request]
    rules = [rule for rule in bus_rules(stage) if rule.consumer != JOURNAL and rule.function]
    requests = []
    for correlation_id, events in events_by_request.items():
        request = RequestTrace(correlation_id, build_trees(events, TracedEvent))
        nodes = {node.event.event_id: node for node in request.nodes()}
        for node in nodes.values():
            node.consumers = [
                ConsumerTrace(str(rule.function).removeprefix(stage.prefix))
                for rule in rules
                if matches(rule, node.event.message(), stage)
            ]
        _add_deliveries(request, nodes, deliveries)
        _add_dead_letters(request, nodes, dead_letters, stage)
        requests.append(request)
    requests.sort(key=lambda request: min(node.event.occurred_at for node in request.nodes()))
    return Trace(subject, requests, any(queue.messages > MAX_MESSAGES_PER_QUEUE for queue in queues))


def earliest(events: Iterable[JournalledEvent]) -> datetime:
    """Return the time from which on the events can have been delivered, whatever their producers' clocks say."""
    return min(min(event.occurred_at, event.journalled_at) for event in events)


def _find_requests(journal: StageJournal, subject: str) -> dict[str, list[JournalledEvent]]:
    if events := journal.of_request(subject):
        return {subject: events}
    events = journal.of_aggregate(subject)
    if not events and (event := journal.event(subject)):
        events = [event]
    return {request: journal.of_request(request) for request in dict.fromkeys(event.correlation_id for event in events)}


def _add_deliveries(request: RequestTrace, nodes: dict[str, TracedEvent], deliveries: list[LoggedDelivery]) -> None:
    for delivery in deliveries:
        node = nodes.get(delivery.event_id or "")
        if node is not None:
            _consumer(node.consumers, delivery.function).deliveries.append(delivery)
        elif delivery.event_id is None:
            _consumer(request.commands, delivery.function).deliveries.append(delivery)


def _add_dead_letters(
    request: RequestTrace, nodes: dict[str, TracedEvent], dead_letters: list[DeadLetterMessage], stage: StageClient
) -> None:
    for message in dead_letters:
        if message.correlation_id != request.correlation_id:
            continue
        function = _function_of(message, stage)
        node = nodes.get(message.event_id or "")
        _consumer(node.consumers if node else request.commands, function).dead_letter = message.queue.name


def _function_of(message: DeadLetterMessage, stage: StageClient) -> str:
    function = functions_by_queue(stage).get(message.queue.source_arn or "", message.queue.name)
    return function.removeprefix(stage.prefix)


def _consumer(consumers: list[ConsumerTrace], function: str) -> ConsumerTrace:
    for consumer in consumers:
        if consumer.function == function:
            return consumer
    consumers.append(ConsumerTrace(function, expected=False))
    return consumers[-1]

"""What a request caused: its events by cause, what became of each at those who read it, and what is missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bus.delivery_log import Outcome
from ecom67.base.errors import CliError
from ecom67.events.delivery_log import Handling, handlings
from ecom67.events.journal import JournalledEvent, JournalReader
from ecom67.events.queues import Letter, letters, waiting_queues
from ecom67.events.subscriptions import JOURNAL, Subscription, functions_by_queue, subscriptions, takes
from ecom67.stage_client import StageClient

LETTERS_OF_A_QUEUE = 1000
"""How many dead letters of a queue are looked through."""
PATIENCE = timedelta(seconds=30)
"""How long an event may be on its way before it is missed."""


@dataclass(slots=True)
class Reading:
    """What became of an event at one function, delivery by delivery.

    Attributes:
        function: such as ``cart-events``.
        deliveries: in the order of time.
        dead_letter: the name of the queue in which it waits, if it does.
        expected: whether the function is subscribed to the event; a command's is not.
    """

    function: str
    deliveries: list[Handling] = field(default_factory=list)
    dead_letter: str | None = None
    expected: bool = True

    @property
    def is_well(self) -> bool:
        """Whether it ended well, or has to be looked at."""
        ended = bool(self.deliveries) and self.deliveries[-1].outcome in (Outcome.HANDLED, Outcome.SUPPRESSED)
        return ended and self.dead_letter is None


@dataclass(slots=True)
class Node:
    """An event in the tree: what it was caused by is above it, what it caused is below.

    Attributes:
        event: the event.
        delay_ms: from its cause to itself; None at a root.
        cause_missing: whether it names a cause that the journal does not have.
        readings: what became of it, by function.
        caused: what it caused.
    """

    event: JournalledEvent
    delay_ms: int | None = None
    cause_missing: bool = False
    readings: list[Reading] = field(default_factory=list)
    caused: "list[Node]" = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below it, causes before what they caused."""
        yield self
        for node in self.caused:
            yield from node.walk()

    def gaps(self, now: datetime) -> list[str]:
        """Return what is not as it should be with this event, each as a sentence."""
        gaps = ["its cause is not in the journal"] if self.cause_missing else []
        gaps += [f"does not fit its contract: {fault}" for fault in self.event.faults]
        for reading in self.readings:
            if reading.dead_letter:
                gaps.append(f"{reading.function}: a dead letter, waits in {reading.dead_letter}")
            elif not reading.deliveries and now - self.event.journalled_at > PATIENCE:
                gaps.append(f"{reading.function}: subscribed, and its log has no delivery")
        return gaps


@dataclass(slots=True)
class Request:
    """One request and all that followed.

    Attributes:
        correlation_id: of the request.
        roots: events that nothing on the bus caused, or whose cause is missing.
        commands: what was queued in it and caused by no event.
    """

    correlation_id: str
    roots: list[Node]
    commands: list[Reading] = field(default_factory=list)

    def nodes(self) -> Iterator[Node]:
        """Yield all its events, causes first."""
        for root in self.roots:
            yield from root.walk()


@dataclass(slots=True)
class Trace:
    """All requests that had to do with something.

    Attributes:
        subject: what was asked for.
        requests: in the order in which they began.
        letters_left_out: whether a queue held more dead letters than were looked through.
        at: when it was made.
    """

    subject: str
    requests: list[Request]
    letters_left_out: bool = False
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def gaps(self) -> list[str]:
        """Return all that is not as it should be, each with its event."""
        found = [
            f"{node.event.detail_type}: {gap}"
            for request in self.requests
            for node in request.nodes()
            for gap in node.gaps(self.at)
        ]
        found += [
            f"{command.function}: a dead letter, waits in {command.dead_letter}"
            for request in self.requests
            for command in request.commands
            if command.dead_letter
        ]
        return found


def trace(stage: StageClient, subject: str) -> Trace:
    """Return the trace of a request, of an order or of anything else that events change, or of one event.

    Parameters:
        stage: the stage.
        subject: a correlation id, an aggregate's id such as an order's, or an event's id.

    Raises CliError where the journal has nothing of it.
    """
    journal = JournalReader(stage)
    requests = _requests_of(journal, subject)
    if not requests:
        raise CliError(
            f"The journal of stage {stage.name} has no event of {subject}: no such request, order or event, "
            "or it is older than 30 days, or it has not come yet."
        )
    every_event = [event for events in requests.values() for event in events]
    since = min(event.occurred_at for event in every_event)
    deliveries = handlings(stage, requests, since)
    queues = [queue for queue in waiting_queues(stage) if queue.messages]
    with letters(stage, queues, LETTERS_OF_A_QUEUE) as waiting:
        dead = [letter for letter in waiting if letter.correlation_id in requests]
    rules = [rule for rule in subscriptions(stage) if rule.consumer != JOURNAL and rule.function]
    told = []
    for correlation_id, events in requests.items():
        roots = trees_of(events)
        request = Request(correlation_id, roots)
        nodes = {node.event.event_id: node for node in request.nodes()}
        for node in nodes.values():
            node.readings = [
                Reading(str(rule.function).removeprefix(stage.prefix)) for rule in rules if _takes(rule, node, stage)
            ]
        _note_deliveries(request, nodes, deliveries)
        _note_dead_letters(request, nodes, dead, stage)
        told.append(request)
    told.sort(key=lambda request: min(node.event.occurred_at for node in request.nodes()))
    return Trace(subject, told, any(queue.messages > LETTERS_OF_A_QUEUE for queue in queues))


def trees_of(events: Iterable[JournalledEvent]) -> list[Node]:
    """Return the roots of the events: those without a cause, and those whose cause is not among them."""
    ordered = sorted(events, key=lambda event: (event.occurred_at, event.event_id))
    nodes = {event.event_id: Node(event) for event in ordered}
    roots = []
    for node in nodes.values():
        cause_id = node.event.causation_id
        cause = nodes.get(cause_id) if cause_id else None
        if cause is None or _would_close_a_circle(node, nodes):
            node.cause_missing = cause_id is not None
            roots.append(node)
            continue
        node.delay_ms = round((node.event.occurred_at - cause.event.occurred_at).total_seconds() * 1000)
        cause.caused.append(node)
    return roots


def _would_close_a_circle(node: Node, nodes: dict[str, Node]) -> bool:
    # A foreign producer may put any causation id, its own included.
    seen = {node.event.event_id}
    cause = nodes.get(node.event.causation_id or "")
    while cause is not None:
        if cause.event.event_id in seen:
            return True
        seen.add(cause.event.event_id)
        cause = nodes.get(cause.event.causation_id or "")
    return False


def _requests_of(journal: JournalReader, subject: str) -> dict[str, list[JournalledEvent]]:
    if events := journal.of_request(subject):
        return {subject: events}
    about = journal.of_aggregate(subject)
    if not about and (event := journal.event(subject)):
        about = [event]
    return {request: journal.of_request(request) for request in dict.fromkeys(event.correlation_id for event in about)}


def _takes(rule: Subscription, node: Node, stage: StageClient) -> bool:
    return takes(rule, node.event.message(), stage)


def _note_deliveries(request: Request, nodes: dict[str, Node], deliveries: list[Handling]) -> None:
    for delivery in deliveries:
        node = nodes.get(delivery.event_id or "")
        if node is not None:
            _reading(node.readings, delivery.function).deliveries.append(delivery)
        elif delivery.event_id is None:
            _reading(request.commands, delivery.function).deliveries.append(delivery)


def _note_dead_letters(request: Request, nodes: dict[str, Node], dead: list[Letter], stage: StageClient) -> None:
    for letter in dead:
        if letter.correlation_id != request.correlation_id:
            continue
        function = _function_of(letter, stage)
        node = nodes.get(letter.event_id or "")
        _reading(node.readings if node else request.commands, function).dead_letter = letter.queue.name


def _function_of(letter: Letter, stage: StageClient) -> str:
    function = functions_by_queue(stage).get(letter.queue.source_arn or "", letter.queue.name)
    return function.removeprefix(stage.prefix)


def _reading(readings: list[Reading], function: str) -> Reading:
    for reading in readings:
        if reading.function == function:
            return reading
    readings.append(Reading(function, expected=False))
    return readings[-1]

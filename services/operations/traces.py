"""The trace of an order: the events of all requests about it as trees, with what is stuck of them."""

from collections.abc import Iterator

from bus.event_tree import EventNode, build_trees
from bus.journal_reader import JournalledEvent, JournalReader
from services.operations.api_models import EventTrace, TracedEvent, TracedRequest
from services.operations.quarantine import QuarantineReader
from services.operations.queues import Queues

MAX_DEAD_LETTERS = 50
"""Dead letters of each queue that are searched for the events of a trace."""


def trace(
    journal: JournalReader, quarantine: QuarantineReader, dead_letters: Queues, subject: str
) -> EventTrace | None:
    """Return the trace of an order, a request or an event; None where the journal has nothing of it.

    Parameters:
        journal: has the events of the last 30 days.
        quarantine: may have events that a consumer could not read.
        dead_letters: may have events that a consumer failed to handle.
        subject: the id of an order or of another aggregate, of a request, or of an event.
    """
    requests = _requests(journal, subject)
    events = [event for found in requests.values() for event in found]
    if not events:
        return None
    quarantined = quarantine.of_events(events)
    stuck = _stuck(dead_letters)

    def view(node: EventNode, depth: int) -> Iterator[TracedEvent]:
        event_id = node.event.event_id
        yield TracedEvent.of(node, depth, quarantined.get(event_id, []), stuck.get(event_id, []))
        for caused in node.caused:
            yield from view(caused, depth + 1)

    traced = [
        TracedRequest(
            correlation_id=request, events=[one for root in build_trees(found, EventNode) for one in view(root, 0)]
        )
        for request, found in requests.items()
    ]
    return EventTrace(subject=subject, requests=sorted(traced, key=lambda request: request.events[0].occurred_at))


def _requests(journal: JournalReader, subject: str) -> dict[str, list[JournalledEvent]]:
    events = journal.of_aggregate(subject) or journal.of_request(subject)
    if not events and (event := journal.event(subject)):
        events = [event]
    ids = dict.fromkeys(event.correlation_id for event in events)
    return {request: journal.of_request(request) for request in ids}


def _stuck(dead_letters: Queues) -> dict[str, list[str]]:
    """Return the queues that hold dead letters, by the id of the event."""
    found: dict[str, list[str]] = {}
    for queue, messages in dead_letters.counts().items():
        for letter in dead_letters.peek(queue, MAX_DEAD_LETTERS) if messages else []:
            if letter.event_id:
                found.setdefault(letter.event_id, []).append(queue)
    return found

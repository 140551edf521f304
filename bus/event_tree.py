"""The events of a request as trees by cause."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self, TypeVar

from bus.journal_reader import JournalledEvent, by_time


@dataclass(slots=True)
class EventNode:
    """An event in the tree, below the event that caused it.

    Attributes:
        event: the event.
        delay_ms: milliseconds since its cause; None at a root.
        cause_missing: whether its cause is not in the journal.
        caused: the events that it caused.
    """

    event: JournalledEvent
    delay_ms: int | None = None
    cause_missing: bool = False
    caused: list[Self] = field(default_factory=list)

    def walk(self) -> Iterator[Self]:
        """Yield this node and all nodes below it, causes first."""
        yield self
        for node in self.caused:
            yield from node.walk()


N = TypeVar("N", bound=EventNode)


def build_trees(events: Iterable[JournalledEvent], node_of: Callable[[JournalledEvent], N]) -> list[N]:
    """Return events as trees by cause; their roots have no cause, or one that is not among the events.

    Parameters:
        events: the events.
        node_of: makes the node of an event.
    """
    nodes = {event.event_id: node_of(event) for event in sorted(events, key=by_time)}
    roots = []
    for node in nodes.values():
        cause_id = node.event.causation_id
        cause = nodes.get(cause_id) if cause_id else None
        if cause is None or _would_form_cycle(node, nodes):
            node.cause_missing = cause_id is not None
            roots.append(node)
            continue
        node.delay_ms = round((node.event.occurred_at - cause.event.occurred_at).total_seconds() * 1000)
        cause.caused.append(node)
    return roots


def _would_form_cycle(node: N, nodes: dict[str, N]) -> bool:
    # A foreign producer may set any causation id, even the event's own.
    seen = {node.event.event_id}
    cause = nodes.get(node.event.causation_id or "")
    while cause is not None:
        if cause.event.event_id in seen:
            return True
        seen.add(cause.event.event_id)
        cause = nodes.get(cause.event.causation_id or "")
    return False

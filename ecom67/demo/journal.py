"""The events that a purchase caused, read from the journal, validated and drawn as a tree."""

from datetime import datetime

from rich.tree import Tree

from bus.journal import contract_violations
from bus.journal_reader import JournalledEvent
from ecom67.base.stage_names import LOCAL
from ecom67.demo.shopper import UnexpectedError, eventually
from ecom67.events.journal import StageJournal
from ecom67.events.trace import trace
from ecom67.events.trace_formats import as_tree
from ecom67.local.connection import Connection
from ecom67.stage_client import StageClient


def deployed(stage: Connection) -> StageClient:
    """Return the local stage as a client for the operators' commands."""
    return StageClient(LOCAL, stage.client)


def events_once_there(stage: Connection, correlation_id: str, expected: set[str]) -> list[JournalledEvent]:
    """Return the events of a request as soon as the expected types are among them."""
    journal = StageJournal(deployed(stage))

    def complete() -> list[JournalledEvent] | None:
        found = journal.of_request(correlation_id)
        return found if expected <= {event.detail_type for event in found} else None

    return eventually(f"the events {', '.join(sorted(expected))}", complete)


def check_contracts(events: list[JournalledEvent]) -> None:
    """Raise UnexpectedError where an event does not fit its committed JSON Schema."""
    for event in events:
        if violations := contract_violations(event.message()):
            raise UnexpectedError(f"{event.detail_type} does not fit its contract: {'; '.join(violations)}")


def events_between(stage: Connection, since: datetime, until: datetime) -> list[JournalledEvent]:
    """Return the events that were journalled in a period."""
    return StageJournal(deployed(stage)).between(since, until)


def cause_of(events: list[JournalledEvent], detail_type: str) -> str | None:
    """Return the type of the event that caused the first event of a type; None where the request itself caused it."""
    by_id = {event.event_id: event for event in events}
    event = next(event for event in events if event.detail_type == detail_type)
    cause = by_id.get(event.causation_id or "")
    return cause.detail_type if cause else None


def trace_tree(stage: Connection, correlation_id: str) -> Tree:
    """Return the trace of a request as a tree for the terminal."""
    return as_tree(trace(deployed(stage), correlation_id))

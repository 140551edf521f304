"""What the purchase caused: the journal's events as a tree, each checked against its committed contract."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator
from rich.tree import Tree

from bus.trace import JournalledEvent, Node, events_of, journalled, trees_of
from infra.local.connection import Connection
from infra.local.demo.shopper import UnexpectedError, eventually
from infra.local.layout import ROOT

CONTRACTS: Path = ROOT / "schemas" / "json"


def events_once_there(stage: Connection, correlation_id: str, expected: set[str]) -> list[JournalledEvent]:
    """Return the events of a request as soon as those expected are among them."""
    table = stage.published()["bus/journal-table"]
    dynamodb = stage.client("dynamodb")

    def complete() -> list[JournalledEvent] | None:
        found = events_of(dynamodb, table, correlation_id)
        return found if expected <= {event.detail_type for event in found} else None

    return eventually(f"the events {', '.join(sorted(expected))}", complete)


def check_contracts(events: list[JournalledEvent]) -> None:
    """Raise UnexpectedError where an event does not fit its committed JSON Schema."""
    for event in events:
        source = event.source.removeprefix("ecom67.")
        path = CONTRACTS / source / f"{event.detail_type}.v{event.metadata.version}.json"
        validator = Draft202012Validator(
            json.loads(path.read_text()), format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        faults = [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(event.detail)]
        if faults:
            raise UnexpectedError(f"{event.detail_type} does not fit {path.name}: {'; '.join(faults)}")


def events_since(stage: Connection, moment_ms: int) -> list[JournalledEvent]:
    """Return all events that were journalled since a moment, in milliseconds since the epoch.

    It scans the journal, which is for a laptop's small one alone.
    """
    pages = (
        stage.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=stage.published()["bus/journal-table"],
            FilterExpression="journalledAt >= :moment",
            ExpressionAttributeValues={":moment": {"N": str(moment_ms)}},
        )
    )
    return [journalled(item) for page in pages for item in page["Items"]]


def cause_of(events: list[JournalledEvent], detail_type: str) -> str | None:
    """Return the type of the event that caused the first one of a type; None where the request itself did."""
    by_id = {event.metadata.event_id: event for event in events}
    event = next(event for event in events if event.detail_type == detail_type)
    cause = by_id.get(event.metadata.causation_id or "")
    return cause.detail_type if cause else None


def drawn(title: str, events: list[JournalledEvent]) -> Tree:
    """Return the tree of events, each with what raised it and how long after its cause."""
    tree = Tree(title)
    for root in trees_of(events):
        _draw(root, tree)
    return tree


def _draw(node: Node, above: Tree) -> None:
    delay = "" if node.delay_ms is None else f" [cyan]+{node.delay_ms} ms[/]"
    gap = " [red]its cause is not in the journal[/]" if node.cause_missing else ""
    producer = node.event.metadata.producer.removeprefix("ecom67-local-")
    branch = above.add(f"[bold]{node.event.detail_type}[/] [dim]by {producer}[/]{delay}{gap}")
    for caused in node.caused:
        _draw(caused, branch)

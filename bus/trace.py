"""The tree of events that one request caused, read from the journal."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bus.items import from_item, to_item
from schemas.event import Metadata

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CORRELATION_INDEX = "correlation-index"


@dataclass(frozen=True, slots=True)
class JournalledEvent:
    """An event as the journal keeps it.

    Attributes:
        faults: what does not fit its contract; none where it does.
        times_seen: how often the bus delivered it to the journal.
    """

    source: str
    detail_type: str
    detail: dict[str, object]
    metadata: Metadata
    faults: list[str]
    times_seen: int


@dataclass(slots=True)
class Node:
    """An event in the tree: what it was caused by is above it, what it caused is below.

    Attributes:
        delay_ms: from its cause to itself; None at a root.
        cause_missing: whether it names a cause that the journal does not have.
    """

    event: JournalledEvent
    delay_ms: int | None = None
    cause_missing: bool = False
    caused: "list[Node]" = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below it, causes before what they caused."""
        yield self
        for node in self.caused:
            yield from node.walk()


def events_of(dynamodb: "DynamoDBClient", journal_table: str, correlation_id: str) -> list[JournalledEvent]:
    """Return the events of one request, in the order in which they occurred."""
    pages = dynamodb.get_paginator("query").paginate(
        TableName=journal_table,
        IndexName=CORRELATION_INDEX,
        KeyConditionExpression="correlationId = :id",
        ExpressionAttributeValues=to_item({":id": correlation_id}),
    )
    return [journalled(item) for page in pages for item in page["Items"]]


def journalled(stored: Mapping[str, Any]) -> JournalledEvent:
    """Return the event that an item of the journal holds."""
    item = from_item(stored)
    detail: dict[str, object] = json.loads(item["detail"])
    return JournalledEvent(
        source=item["source"],
        detail_type=item["detailType"],
        detail=detail,
        metadata=Metadata.model_validate(detail["metadata"], extra="ignore"),
        faults=item["faults"],
        times_seen=item["timesSeen"],
    )


def trees_of(events: Iterable[JournalledEvent]) -> list[Node]:
    """Return the roots of the events: those without a cause, and those whose cause is not among them."""
    ordered = sorted(events, key=lambda event: (event.metadata.occurred_at, event.metadata.event_id))
    nodes = {event.metadata.event_id: Node(event) for event in ordered}
    roots = []
    for node in nodes.values():
        cause_id = node.event.metadata.causation_id
        cause = nodes.get(cause_id) if cause_id else None
        if cause is None:
            node.cause_missing = cause_id is not None
            roots.append(node)
            continue
        node.delay_ms = _milliseconds(cause.event.metadata.occurred_at, node.event.metadata.occurred_at)
        cause.caused.append(node)
    return roots


def _milliseconds(earlier: datetime, later: datetime) -> int:
    return round((later - earlier).total_seconds() * 1000)

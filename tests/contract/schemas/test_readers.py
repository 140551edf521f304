"""Whatever the journal finds wrong with a field that a reader knows, the reader refuses: no handler sees it."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from bus.context import Context, use_context
from bus.journal import contract_violations
from bus.outbox import envelope_for
from schemas.event import Envelope, Event
from schemas.exporters.examples import example
from schemas.registry import event_classes

EVENTS = [example(event_class, full=True) for event_class in event_classes()]

WRONG: tuple[Any, ...] = (
    *(None, True, 0, -1, 5, 1.5, "", "x", "5", [], {}, "2030-01-01", "2030-01-01T00:00:00", "20300101T000000Z"),
    *("2030-01-01 00:00:00", "2030-01-01T00:00:00,5Z", "2030-01-01T24:00:00Z", 1_900_000_000, "1900000000"),
)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where each value of a detail is, those that hold others included."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from leaves(child, (*path, key))


def spoiled(detail: dict[str, Any], path: tuple[Any, ...], wrong: Any) -> dict[str, Any]:
    holder = copied = copy.deepcopy(detail)
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = wrong
    return copied


def detail_of(event: Event) -> dict[str, Any]:
    with use_context(Context(correlation_id="the-request", causation_id="the-cause", traceparent="00-a-b-01")):
        detail: dict[str, Any] = json.loads(envelope_for(event, sequence=1).to_json())
    return detail


def message(event: Event, detail: dict[str, Any]) -> dict[str, Any]:
    return {"source": event.source(), "detail-type": event.detail_type(), "detail": detail}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.detail_type())
def test_what_the_journal_refuses_no_reader_accepts(event: Event) -> None:
    detail = detail_of(event)
    accepted = []
    for path in leaves(detail):
        for wrong in WRONG if path else ():
            bad = spoiled(detail, path, wrong)
            if not contract_violations(message(event, bad)):
                continue
            try:
                Envelope[type(event)].read(bad)  # type: ignore[misc]
            except ValidationError:
                continue
            accepted.append((path, wrong))

    assert accepted == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.detail_type())
def test_a_reader_accepts_what_it_does_not_know(event: Event) -> None:
    detail = detail_of(event)
    detail["data"]["ofLaterTimes"] = {"anything": 1}

    assert Envelope[type(event)].read(detail)  # type: ignore[misc]

"""Journal and readers judge a field that both know alike: what one refuses, so does the other."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bus.context import Context, use_context
from bus.journal import contract_violations
from bus.outbox import envelope_for
from schemas.event import Envelope, Event
from schemas.exporters.examples import example
from schemas.registry import event_classes
from tests.contract.schemas.values import VALUES, leaves, with_value

EVENTS = [example(event_class, full=True) for event_class in event_classes()]

JSON = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)),
        *(st.text(st.characters(exclude_categories=["Cs"])), st.from_regex(r"[A-Z]{2,4}\n?")),
        st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=4,
)


def detail_of(event: Event) -> dict[str, Any]:
    with use_context(Context(correlation_id="the-request", causation_id="the-cause", traceparent="00-a-b-01")):
        detail: dict[str, Any] = json.loads(envelope_for(event, sequence=1).to_json())
    return detail


def message(event: Event, detail: dict[str, Any]) -> dict[str, Any]:
    return {"source": event.source(), "detail-type": event.detail_type(), "detail": detail}


def is_read(event: Event, detail: dict[str, Any]) -> bool:
    try:
        Envelope[type(event)].read(detail)  # type: ignore[misc]
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.detail_type())
def test_the_journal_and_the_readers_agree_on_every_value_of_every_field(event: Event) -> None:
    detail = detail_of(event)
    disagreed = []
    for path in leaves(detail):
        for value in VALUES if path else ():
            changed = with_value(detail, path, value)
            if is_read(event, changed) == bool(contract_violations(message(event, changed))):
                disagreed.append((path, value))

    assert disagreed == []


@given(st.data())
def test_they_agree_on_random_values(data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(EVENTS))
    detail = detail_of(event)
    path = data.draw(st.sampled_from([path for path in leaves(detail) if path]))
    changed = with_value(detail, path, data.draw(JSON))

    assert is_read(event, changed) != bool(contract_violations(message(event, changed))), (path, changed)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.detail_type())
def test_a_reader_accepts_what_it_does_not_know(event: Event) -> None:
    detail = detail_of(event)
    detail["data"]["ofLaterTimes"] = {"anything": 1}

    assert Envelope[type(event)].read(detail)  # type: ignore[misc]

"""The events of a request as a tree by cause."""

from datetime import UTC, datetime, timedelta

from bus.trace import JournalledEvent, trees_of
from schemas.event import Metadata

START = datetime(2026, 3, 1, tzinfo=UTC)


def event(name: str, cause: str | None = None, after_ms: int = 0) -> JournalledEvent:
    metadata = Metadata(
        event_id=name,
        version=1,
        occurred_at=START + timedelta(milliseconds=after_ms),
        producer="p",
        correlation_id="c",
        causation_id=cause,
        aggregate_id="a",
        sequence=1,
    )
    return JournalledEvent("ecom67.orders", name, {}, metadata, [], 1)


def test_events_hang_below_their_causes_with_the_delay_since() -> None:
    mailed, placed, paid = event("mailed", "placed", 90), event("placed", "paid", 60), event("paid", None, 10)

    (root,) = trees_of([mailed, placed, paid])

    assert [(node.event.detail_type, node.delay_ms) for node in root.walk()] == [
        ("paid", None),
        ("placed", 50),
        ("mailed", 30),
    ]


def test_an_event_whose_cause_is_not_journalled_is_a_marked_root() -> None:
    (root,) = trees_of([event("orphan", "unknown")])

    assert root.cause_missing


def test_what_the_request_itself_caused_are_roots_in_their_order() -> None:
    roots = trees_of([event("second", None, 20), event("first", None, 10)])

    assert [root.event.detail_type for root in roots] == ["first", "second"]
    assert not any(root.cause_missing for root in roots)

"""The events of a request as trees by cause."""

from dataclasses import replace
from datetime import timedelta

from bus.event_tree import EventNode, build_trees
from ecom67.events.trace import earliest
from tests.unit.ecom67.events.journalled import journalled as event


def test_events_hang_below_their_causes_with_the_delay_since() -> None:
    mailed, placed, paid = event("mailed", "placed", 90), event("placed", "paid", 60), event("paid", None, 10)

    (root,) = build_trees([mailed, placed, paid], EventNode)

    assert [(node.event.event_id, node.delay_ms) for node in root.walk()] == [
        ("paid", None),
        ("placed", 50),
        ("mailed", 30),
    ]


def test_an_event_whose_cause_is_not_journalled_is_a_marked_root() -> None:
    (root,) = build_trees([event("orphan", "unknown")], EventNode)

    assert root.cause_missing


def test_what_the_request_itself_caused_are_roots_in_their_order() -> None:
    roots = build_trees([event("second", None, 20), event("first", None, 10)], EventNode)

    assert [root.event.event_id for root in roots] == ["first", "second"]
    assert not any(root.cause_missing for root in roots)


def test_a_circle_of_causes_is_no_endless_tree() -> None:
    roots = build_trees([event("a", "b"), event("b", "a", 10), event("itself", "itself", 20)], EventNode)

    assert [root.event.event_id for root in roots] == ["a", "b", "itself"]
    assert all(root.cause_missing for root in roots)


def test_deliveries_are_looked_for_from_the_arrival_of_an_event_whose_producer_s_clock_is_ahead() -> None:
    ahead = replace(event("ahead"), occurred_at=event("ahead").journalled_at + timedelta(hours=1))
    behind = replace(event("behind"), occurred_at=event("behind").journalled_at - timedelta(hours=1))

    assert earliest([ahead]) == ahead.journalled_at
    assert earliest([ahead, behind]) == behind.occurred_at

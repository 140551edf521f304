"""A trace shows failures in every format, and escapes the texts of events."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from bus.delivery_log import Outcome
from bus.event_tree import build_trees
from ecom67.events.delivery_log import LoggedDelivery
from ecom67.events.trace import DELIVERY_TIMEOUT, ConsumerTrace, RequestTrace, Trace, TracedEvent
from ecom67.events.trace_formats import MERMAID_EDGES, as_html, as_json, as_mermaid, as_tree
from tests.unit.ecom67.events.journalled import START, journalled


def handling(outcome: Outcome, attempt: int = 1, why: str | None = None, **more: str) -> LoggedDelivery:
    at = START + timedelta(seconds=attempt)
    return LoggedDelivery(at, "cart-events", "forget_bought", outcome, "paid", attempt, 12.5, why, **more)


@pytest.fixture
def trace() -> Trace:
    """Return the trace of an order whose first event failed at the cart, was redriven, and has an orphan beside it."""
    (paid, orphan) = build_trees(
        [
            journalled("paid"),
            journalled("mailed", "paid", 90),
            journalled("orphan", "unknown", 200, violations=("$.data: no",)),
        ],
        TracedEvent,
    )
    failed = [handling(Outcome.FAILED, attempt, "KeyError: '<b>'") for attempt in range(1, 6)]
    paid.consumers = [
        ConsumerTrace("cart-events", [*failed, handling(Outcome.HANDLED, sent_again="redriven")]),
        ConsumerTrace("chat-events"),
        ConsumerTrace("email", [handling(Outcome.SUPPRESSED, replay="r")], expected=False),
    ]
    orphan.consumers = [ConsumerTrace("orders-place", failed, dead_letter="orders-order-queue-dlq", expected=False)]
    return Trace("order-1", [RequestTrace("the-request", [paid, orphan])], at=START + timedelta(minutes=5))


def drawn(trace: Trace) -> str:
    console = Console(width=200, file=StringIO())
    console.print(as_tree(trace))
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_gaps_are_the_missing_cause_the_fault_the_dead_letter_and_what_never_came(trace: Trace) -> None:
    assert trace.gaps() == [
        "OrderDelivered: chat-events: subscribed, and its log has no delivery",
        "OrderDelivered: its cause is not in the journal",
        "OrderDelivered: does not fit its contract: $.data: no",
        "OrderDelivered: orders-place: a dead letter, waits in orders-order-queue-dlq",
    ]


def test_what_may_still_be_on_its_way_is_no_gap(trace: Trace) -> None:
    trace.at = START + DELIVERY_TIMEOUT

    assert not any("chat-events" in gap for gap in trace.gaps())
    assert "chat-events: no delivery yet" in drawn(trace)


def test_the_tree_shows_failures_the_redrive_and_the_end_in_order(trace: Trace) -> None:
    text = drawn(trace)

    positions = [
        text.index(part)
        for part in (
            "forget_bought failed in 12.5 ms attempt 1 KeyError",
            "attempt 5",
            "handled in 12.5 ms (redriven)",
            "suppressed in 12.5 ms (replay r)",
            "+90 ms",
            "✗ its cause is not in the journal",
        )
    ]
    assert positions == sorted(positions)


def test_json_has_all_of_it(trace: Trace) -> None:
    told = json.loads(json.dumps(as_json(trace)))

    paid, orphan = told["requests"][0]["events"]
    assert told["gaps"] == trace.gaps()
    assert [delivery["outcome"] for delivery in paid["readings"][0]["deliveries"]] == ["FAILED"] * 5 + ["HANDLED"]
    assert (paid["readings"][0]["well"], paid["readings"][1]["well"]) == (True, False)
    assert [caused["eventId"] for caused in paid["caused"]] == ["mailed"]
    assert orphan["readings"][0]["deadLetter"] == "orders-order-queue-dlq"


def test_the_page_needs_nothing_else_and_shows_texts_as_texts(trace: Trace) -> None:
    page = as_html(trace)

    assert "KeyError: &#x27;&lt;b&gt;&#x27;" in page
    assert "<b>'" not in page
    assert "src=" not in page
    assert "http" not in page


def test_mermaid_marks_what_is_amiss(trace: Trace) -> None:
    lines = as_mermaid(trace).splitlines()

    assert lines[0] == "flowchart LR"
    # The event that one consumer never got, that consumer, the orphan, and the command that is a dead letter.
    assert sum(line.strip().startswith("class n") for line in lines) == 4
    assert any('"cart-events, 6 deliveries"' in line for line in lines)


def test_a_mermaid_chart_is_cut_to_what_mermaid_draws_and_says_so() -> None:
    events = [journalled("root"), *(journalled(f"event-{number}", "root", number) for number in range(1_000))]
    trace = Trace("order-1", [RequestTrace("the-request", build_trees(events, TracedEvent))], at=START)

    chart = as_mermaid(trace)

    lines = chart.splitlines()
    edges = [line for line in lines if "-->" in line]
    assert len(edges) <= MERMAID_EDGES
    assert len(chart) < 50_000
    assert f"{1_001 - len(edges)} more events" in chart
    named = {line.split("[")[0].strip() for line in lines if "[" in line and "-->" not in line}
    assert {edge.split()[-1] for edge in edges} <= named

"""A shop with many orders: its traces never mix, and a replay of all of it changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bus.event_tree import EventNode, build_trees
from ecom67.demo.journal import deployed
from ecom67.demo.shopper import ShopResponse, eventually
from ecom67.events.journal import StageJournal
from ecom67.local.connection import Connection
from tests.e2e.events.operating import (
    Tables,
    differences,
    ecom67,
    ecom67_alone,
    mails,
    orders_of_many,
    products_of_our_own,
    settle,
    tables,
)

SHOPPERS, ORDERS = 5, 25
FLOW = {
    ("StockChanged", None),
    ("PaymentSucceeded", None),
    ("CheckoutCompleted", "PaymentSucceeded"),
    ("OrderPlaced", "PaymentSucceeded"),
    ("NotificationSent", "OrderPlaced"),
}
"""What the purchase of one line raises, and what each is caused by."""


@pytest.fixture(scope="module")
def since() -> str:
    return datetime.now(UTC).isoformat()


@pytest.fixture(scope="module")
def orders(stage: Connection, since: str) -> list[tuple[str, ShopResponse]]:
    """Orders of shoppers who bought at once, each with a product of its own."""
    products = products_of_our_own(stage, SHOPPERS)
    placed = orders_of_many(stage, products, shoppers=SHOPPERS, each=ORDERS // SHOPPERS)
    journal = StageJournal(deployed(stage))
    unmailed = {answer.correlation_id for _, answer in placed}

    def complete() -> bool | None:
        for request in list(unmailed):
            if "NotificationSent" not in {event.detail_type for event in journal.of_request(request)}:
                return None
            unmailed.remove(request)
        return True

    eventually(f"{ORDERS} orders are through", complete)
    settle(stage)
    return placed


def test_traces_of_shoppers_who_buy_at_once_never_mix_and_have_every_event_with_its_cause(
    stage: Connection, orders: list[tuple[str, ShopResponse]]
) -> None:
    journal = StageJournal(deployed(stage))
    users = {}

    for product_id, answer in orders:
        order_id = answer.body["orderId"]
        events = journal.of_request(answer.correlation_id)
        by_id = {event.event_id: event for event in events}
        found = {
            (event.detail_type, by_id[event.causation_id].detail_type if event.causation_id else None)
            for event in events
        }
        assert found == FLOW
        assert len(events) == len(FLOW)
        assert {event.order_id for event in events if event.order_id} == {order_id}
        assert {event.aggregate_id for event in events if event.detail_type == "StockChanged"} == {product_id}
        named = {event.detail["data"]["userId"] for event in events if "userId" in event.detail["data"]}
        assert len(named) == 1
        users[order_id] = named.pop()
        roots = build_trees(events, EventNode)
        assert sum(1 for root in roots for _ in root.walk()) == len(events)
        assert not any(node.cause_missing for root in roots for node in root.walk())
    assert len(users) == ORDERS
    assert len(set(users.values())) == SHOPPERS


def test_the_trace_of_an_order_tells_who_handled_what(
    stage: Connection, orders: list[tuple[str, ShopResponse]]
) -> None:
    order_id = orders[-1][1].body["orderId"]

    def traced() -> Any:
        told = ecom67(stage, "events", "trace", order_id, "--json").json()
        (request,) = told["requests"]
        placed = next(node for node in walk(request["events"]) if node["detailType"] == "OrderPlaced")
        # A log tells of a handling a moment after it.
        return (told, placed) if all(reading["deliveries"] for reading in placed["readings"]) else None

    told, placed = eventually("every handler's log tells of it", traced)

    assert told["gaps"] == []
    readers = {reading["function"]: reading for reading in placed["readings"]}
    assert {name for name, reading in readers.items() if reading["subscribed"]} >= {
        "cart-events",
        "inventory-events",
        "notifications-events",
    }
    assert "notifications-email" in readers
    for reading in readers.values():
        assert [(delivery["outcome"], delivery["attempt"]) for delivery in reading["deliveries"]] == [("HANDLED", 1)]


def test_a_replay_of_everything_twice_changes_no_table_and_sends_no_mail(
    stage: Connection, orders: list[tuple[str, ShopResponse]], since: str
) -> None:
    before, sent = tables(stage), mails(stage)
    plan = ecom67(stage, "events", "replay", "--since", since, "--json").json()
    assert plan["types"]["OrderPlaced"] == len(orders)
    shares = {share["consumer"]: share for share in plan["shares"]}
    assert shares["notifications"]["suppressed"] == {"email": len(orders)}
    assert differences(before, tables(stage)) == []

    ecom67(stage, "events", "replay", "--plan", plan["name"], "--execute", "--pace", "500")
    settle(stage)
    ecom67(stage, "events", "replay", "--since", since, "--execute", "--pace", "500")
    settle(stage)

    assert differences(before, tables(stage)) == []
    assert mails(stage) == sent
    # And it did reach them: each says so in its log.
    handled = ecom67(stage, "events", "trace", orders[0][1].body["orderId"], "--json").json()
    replays = {
        delivery["replay"]
        for node in walk(handled["requests"][0]["events"])
        for reading in node["readings"]
        for delivery in reading["deliveries"]
    }
    assert len(replays - {None}) == 2


def test_a_replay_from_the_archive_changes_nothing_but_the_journals_own_count(
    stage: Connection, orders: list[tuple[str, ShopResponse]], since: str
) -> None:
    settle(stage)
    before, sent = tables(stage), mails(stage)

    ecom67(stage, "events", "replay", "--since", since, "--from", "archive", "--execute")
    settle(stage)

    after = tables(stage)
    assert seen_once_more(before, after) >= len(orders) * len(FLOW)
    assert differences(without_counts(before), without_counts(after)) == []
    assert mails(stage) == sent


def test_a_plan_is_executed_once_and_alone(stage: Connection, orders: list[tuple[str, ShopResponse]]) -> None:
    order_id = orders[1][1].body["orderId"]
    plan = ecom67(stage, "events", "replay", "--order", order_id, "--consumer", "cart", "--json").json()
    assert [(share["consumer"], share["events"]) for share in plan["shares"]] == [("cart", 1)]

    ecom67(stage, "events", "replay", "--plan", plan["name"], "--execute")
    again = ecom67(stage, "events", "replay", "--plan", plan["name"], "--execute", code=1)
    refused = ecom67(stage, "events", "replay", "--plan", plan["name"], "--since", "1h", code=1)

    assert "was executed at" in again.error
    assert "give --plan alone" in refused.error


def test_a_handler_can_be_stepped_through_with_the_real_events_and_writes_nothing(
    stage: Connection, orders: list[tuple[str, ShopResponse]], breakpoint_in: Callable[..., str]
) -> None:
    settle(stage)
    before = tables(stage)
    order_id = orders[2][1].body["orderId"]

    line = "cart_service().remove_purchased"
    stopped = breakpoint_in("services/cart/events.py", line, order_id, "services.cart.events")
    local = ecom67_alone(stage, "events", "replay", "--order", order_id, "--local", "services.cart.events")

    assert f"'{order_id}'" in stopped
    assert "was stopped after" in local
    assert "dynamodb:TransactWriteItems" in local
    assert differences(before, tables(stage)) == []


def walk(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for node in nodes for found in (node, *walk(node["caused"]))]


def seen_once_more(before: Tables, after: Tables) -> int:
    journal = "ecom67-local-Journal"
    return sum(
        int(after[journal][key]["timesSeen"]["N"]) == int(item["timesSeen"]["N"]) + 1
        for key, item in before[journal].items()
    )


def without_counts(found: Tables) -> Tables:
    def plain(item: dict[str, Any]) -> dict[str, Any]:
        return {field: value for field, value in item.items() if field != "timesSeen"}

    return {name: {key: plain(item) for key, item in items.items()} for name, items in found.items()}

"""A consumer is broken on purpose: its events become dead letters, and after the mending a redrive completes them."""

import json
from typing import Any

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.connection import Connection
from schemas.catalog import ProductDeleted
from tests.e2e.events.breaking import broken_release, quick_retries, with_bug
from tests.e2e.events.operating import bought, ecom67, products_of_our_own, signed_up
from tests.unit.bus.messages import detail_of

ORDERS = 3
SOUND = "cart_service().remove_purchased(event.data)"
QUEUE = "cart-events-dlq"
BROKEN = "{}['a bug of this release']"


def waiting(stage: Connection, queue: str) -> int:
    listed = ecom67(stage, "dlq", "list", "--json").json()
    count: int = next(entry["messages"] for entry in listed if entry["queue"] == queue)
    return count


def deliveries(told: dict[str, Any], function: str, detail_type: str = "OrderPlaced") -> list[dict[str, Any]]:
    nodes = [told["requests"][0]["events"]]
    while nodes:
        for node in nodes.pop():
            nodes.append(node["caused"])
            if node["detailType"] == detail_type:
                readings: list[dict[str, Any]] = node["readings"]
                return next(reading["deliveries"] for reading in readings if reading["function"] == function)
    raise AssertionError(f"no {detail_type}")


def lines_in_cart(shopper: Shopper) -> int:
    return len(shopper.call("GET /cart").expect(200).body["lines"])


def test_a_broken_carts_dead_letters_are_redriven_and_every_order_ends(stage: Connection) -> None:
    (product_id,) = products_of_our_own(stage, 1)
    shoppers = [signed_up(stage) for _ in range(ORDERS)]
    bug = with_bug(stage, "services/cart/events.py", SOUND, BROKEN)

    # Given a release of the cart with a bug, and orders meanwhile
    with broken_release(stage, "cart", "events", bug):
        with quick_retries(stage, "cart-events"):
            orders = [bought(shopper, product_id).body["orderId"] for shopper in shoppers]
            eventually("all are dead letters", lambda: True if waiting(stage, QUEUE) == ORDERS else None)

        # Then the trace shows the failure and where the event waits, and nobody else is held up
        failed = ecom67(stage, "events", "trace", orders[0], "--json", code=1).json()
        assert failed["gaps"] == [f"OrderPlaced: cart-events: a dead letter, waits in {QUEUE}"]
        tried = deliveries(failed, "cart-events")
        # A second attempt may overtake the first, which waits for a worker to start.
        assert sorted(one["attempt"] for one in tried) == [1, 2, 3, 4, 5]
        assert {one["outcome"] for one in tried} == {"FAILED"}
        assert {one["why"] for one in tried} == {"KeyError: 'a bug of this release'"}
        assert [one["outcome"] for one in deliveries(failed, "inventory-events")] == ["HANDLED"]
        assert [lines_in_cart(shopper) for shopper in shoppers] == [1] * ORDERS
        request = failed["requests"][0]["correlationId"]
        (letter,) = ecom67(stage, "dlq", "peek", "cart", "--correlation", request, "--json").json()
        assert (letter["what"], letter["body"]["detail"]["data"]["orderId"]) == ("OrderPlaced", orders[0])

        # When it is mended, and the letters are redriven
        ecom67(stage, "deploy", "cart")
        nothing = ecom67(stage, "dlq", "redrive", "cart", "--type", "OrderShipped", "--yes")
        said = ecom67(stage, "dlq", "redrive", "cart", "--yes")

    # Then every order ends, and the trace tells all of it
    assert nothing.out == "Nothing waits.\n"
    assert f"{ORDERS} sent again." in said.out
    eventually("the carts are empty", lambda: True if not any(map(lines_in_cart, shoppers)) else None)
    assert waiting(stage, QUEUE) == 0

    def told() -> dict[str, Any] | None:
        trace: dict[str, Any] = ecom67(stage, "events", "trace", orders[0], "--json", code=None).json()
        return trace if not trace["gaps"] and len(deliveries(trace, "cart-events")) == 6 else None

    mended = eventually("the trace is complete", told)
    *_, last = deliveries(mended, "cart-events")
    assert (last["outcome"], last["attempt"], last["sentAgain"]) == ("HANDLED", 1, "redriven")
    # To the failed consumer only: nobody else saw the event again.
    assert len(deliveries(mended, "inventory-events")) == len(deliveries(mended, "notifications-events")) == 1
    assert "attempt 5" in ecom67(stage, "events", "trace", orders[0]).out


def test_a_parked_event_is_mended_and_goes_on_the_bus(stage: Connection) -> None:
    # Given an event that a relay has parked, with a field that nobody could read
    event = ProductDeleted(product_id="parked-piece", deleted_at="2030-01-01T00:00:00Z")
    detail = detail_of(event)
    detail["data"]["deletedAt"] = "soon"
    event_id = detail["metadata"]["eventId"]
    entry = {
        "eventId": event_id,
        "source": event.source(),
        "detailType": event.detail_type(),
        "detail": json.dumps(detail),
    }
    sqs = stage.client("sqs")
    url = sqs.get_queue_url(QueueName="ecom67-local-catalog-productsparking")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"reason": "too large", "entry": entry}))
    (letter,) = ecom67(stage, "dlq", "peek", "catalog", "--json").json()
    assert (letter["what"], letter["eventId"], letter["reason"]) == ("ProductDeleted", event_id, "too large")

    # When it is redriven as it is, then it is refused and stays
    refused = ecom67(stage, "dlq", "redrive", "catalog", "--event", event_id, "--yes", code=1)
    assert "$.data.deletedAt: 'soon' is not a 'date-time'" in refused.error
    assert waiting(stage, "catalog-productsparking") == 1

    # And mended, it is on the bus
    mend = ("--set", "data.deletedAt=2030-01-01T00:00:00Z")
    ecom67(stage, "dlq", "redrive", "catalog", "--event", event_id, *mend, "--yes")
    shown = eventually(
        "the event is on the bus",
        lambda: said if not (said := ecom67(stage, "events", "show", event_id, "--json", code=None)).code else None,
    ).json()
    assert (shown["faults"], shown["detail"]["data"]["deletedAt"]) == ([], "2030-01-01T00:00:00Z")
    assert waiting(stage, "catalog-productsparking") == 0


def test_what_is_discarded_is_gone_and_only_that(stage: Connection) -> None:
    sqs = stage.client("sqs")
    url = sqs.get_queue_url(QueueName="ecom67-local-payment-events-dlq")["QueueUrl"]
    sent = [sqs.send_message(QueueUrl=url, MessageBody=body)["MessageId"] for body in ("{", "no JSON")]

    said = ecom67(stage, "dlq", "discard", "payment", "--message", sent[0], "--yes")

    assert "1 discarded." in said.out
    (left,) = ecom67(stage, "dlq", "peek", "payment", "--json").json()
    assert (left["messageId"], left["what"], left["body"]) == (sent[1], "unreadable", "no JSON")
    ecom67(stage, "dlq", "discard", "payment", "--message", sent[1], "--yes")


def test_a_service_without_such_a_queue_is_said(stage: Connection) -> None:
    said = ecom67(stage, "dlq", "list", "nobody", code=1)

    assert "'nobody' has no queue of dead letters. There are: bus, cart" in said.error

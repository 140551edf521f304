"""The routes, as the HTTP API invokes them."""

import json
from typing import Any

import pytest

from bus.quarantine import Quarantine
from schemas.contract import Money
from schemas.orders import OrderDelivered, OrderRefunded
from services.operations import api as module
from tests.unit.bus.messages import detail_of, message_of
from tests.unit.operations.conftest import NOW, Operations, finding

DELIVERED = OrderDelivered(order_id="order-1", user_id="ada", delivered_at=NOW)
REFUNDED = OrderRefunded(
    order_id="order-1",
    user_id="ada",
    amount=Money(amount=100),
    refunded_total=Money(amount=100),
    fully_refunded=True,
    refunded_at=NOW,
)


@pytest.fixture(autouse=True)
def stage(operations: Operations, monkeypatch: pytest.MonkeyPatch) -> Operations:
    for name in ("store", "journal", "quarantine"):
        monkeypatch.setattr(module, name, lambda name=name: getattr(operations, name))
    monkeypatch.setattr(module, "dead_letters", lambda: operations.queues)
    return operations


def call(method: str, path: str, query: str = "", body: object = None, group: str | None = "staff") -> tuple[int, Any]:
    claims = {"sub": "staff-1", **({"cognito:groups": f"[{group}]"} if group else {})}
    event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            "requestId": "request",
            "authorizer": {"jwt": {"claims": claims}},
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    answer = module.api(event, None)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/staff/events"),
        ("GET", "/api/staff/quarantine"),
        ("GET", "/api/staff/dead-letters"),
        ("POST", "/api/staff/dead-letters/cart-events-dlq/redrive"),
        ("GET", "/api/staff/differences"),
        ("POST", "/api/staff/differences/x/accept"),
    ],
)
def test_a_shopper_is_refused_whatever_the_request_is(method: str, path: str) -> None:
    assert call(method, path, group=None)[0] == 403


def test_a_trace_has_each_event_below_its_cause_with_what_is_stuck_of_it(stage: Operations) -> None:
    caused = detail_of(REFUNDED)
    delivered = message_of(DELIVERED)
    caused["metadata"]["causationId"] = delivered["detail"]["metadata"]["eventId"]
    stage.journalled(delivered)
    stage.journalled(message_of(REFUNDED, caused))
    Quarantine(stage.dynamodb, "Quarantine").put(consumer="cart", body=json.dumps(delivered), reason="no such order")
    stage.put("payment-events-dlq", message_of(REFUNDED, caused))

    status, answer = call("GET", "/api/staff/events", "orderId=order-1")

    assert status == 200
    (request,) = answer["requests"]
    assert request["correlationId"] == "the-request"
    assert [(event["depth"], event["detailType"]) for event in request["events"]] == [
        (0, "OrderDelivered"),
        (1, "OrderRefunded"),
    ]
    first, second = request["events"]
    assert [(entry["consumer"], entry["reason"]) for entry in first["quarantined"]] == [("cart", "no such order")]
    assert second["deadLetters"] == ["payment-events-dlq"]


def test_an_order_without_events_is_said_to_have_none() -> None:
    assert call("GET", "/api/staff/events", "orderId=nobody")[0] == 404
    assert call("GET", "/api/staff/events")[0] == 422


def test_the_quarantine_is_listed_newest_first_without_contents(stage: Operations) -> None:
    Quarantine(stage.dynamodb, "Quarantine").put(consumer="cart", body='{"name": "Ada"}', reason="unreadable")
    Quarantine(stage.dynamodb, "Quarantine").put(consumer="journal", body="{}", reason="no contract")

    status, answer = call("GET", "/api/staff/quarantine", "limit=1")
    _, of_cart = call("GET", "/api/staff/quarantine", "consumer=cart")

    assert status == 200
    assert len(answer["items"]) == 1
    assert [(entry["consumer"], entry["reason"]) for entry in of_cart["items"]] == [("cart", "unreadable")]
    assert "Ada" not in json.dumps(of_cart)


def test_dead_letters_are_listed_by_queue_and_sent_again_once(stage: Operations) -> None:
    assert call("GET", "/api/staff/dead-letters") == (200, {"items": []})
    stage.put("cart-events-dlq", message_of(DELIVERED))

    _, listed = call("GET", "/api/staff/dead-letters")
    first = call("POST", "/api/staff/dead-letters/cart-events-dlq/redrive")
    second = call("POST", "/api/staff/dead-letters/cart-events-dlq/redrive")

    assert [(queue["queue"], queue["messages"]) for queue in listed["items"]] == [("cart-events-dlq", 1)]
    assert listed["items"][0]["oldest"][0]["orderId"] == "order-1"
    assert first == (200, {"queue": "cart-events-dlq", "sent": 1, "left": 0})
    assert second == (200, {"queue": "cart-events-dlq", "sent": 0, "left": 0})
    assert call("POST", "/api/staff/dead-letters/users/redrive")[0] == 404


def test_differences_are_listed_page_by_page_and_accepted_with_a_note(stage: Operations) -> None:
    for order_id in ("order-1", "order-2"):
        stage.store.save(finding(order_id=order_id), None)

    _, first = call("GET", "/api/staff/differences", "limit=1")
    _, rest = call("GET", "/api/staff/differences", f"limit=1&cursor={first['nextCursor']}")
    status, accepted = call("POST", "/api/staff/differences/MONEY_KEPT.order-1/accept", body={"note": "given away"})
    _, left = call("GET", "/api/staff/differences")

    assert {page["items"][0]["orderId"] for page in (first, rest)} == {"order-1", "order-2"}
    assert (status, accepted["state"], accepted["acceptedBy"]) == (200, "ACCEPTED", "staff-1")
    assert [entry["orderId"] for entry in left["items"]] == ["order-2"]
    assert call("POST", "/api/staff/differences/none/accept", body={"note": "x"})[0] == 404
    assert call("POST", "/api/staff/differences/MONEY_KEPT.order-2/accept", body={})[0] == 422
    assert call("GET", "/api/staff/differences", "cursor=abc")[0] == 422
    assert call("GET", "/api/staff/differences", f"state=RESOLVED&cursor={first['nextCursor']}")[0] == 422

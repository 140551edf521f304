"""The routes of orders: who sees what, and which answer each refusal is."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from schemas.commands import PlaceOrder
from schemas.payment import PaymentRefundedV2
from services.orders import api as routes
from services.orders.domain import Order
from services.orders.store import OrderStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def call(store: OrderStore, monkeypatch: pytest.MonkeyPatch, place_order: PlaceOrder) -> Call:
    monkeypatch.setattr(routes, "store", lambda: store)
    order, event = Order.placed(place_order, NOW)
    store.create(order, event)

    def call(
        route: str, body: object = None, user: str = "ada", *, staff: bool = False, key: str = "", **query: str
    ) -> tuple[int, dict[str, Any]]:
        method, path = route.split(" ")
        claims = {"sub": user, "email": f"{user}@example.com", **({"cognito:groups": "[staff]"} if staff else {})}
        answer = routes.api(
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": urlencode(query),
                "headers": {"content-type": "application/json", **({"idempotency-key": key} if key else {})},
                "requestContext": {
                    "http": {"method": method, "path": path},
                    "stage": "$default",
                    "requestId": "r",
                    "authorizer": {"jwt": {"claims": claims}},
                },
                "body": json.dumps(body) if body is not None else None,
                "isBase64Encoded": False,
            },
            None,
        )
        return answer["statusCode"], json.loads(answer["body"])

    return call


def test_a_shopper_reads_an_order_with_line_totals_and_history(call: Call) -> None:
    status, order = call("GET /api/orders/order-1")

    assert status == 200
    assert order["lines"][0]["lineTotal"] == {"amount": 4900, "currency": "USD"}
    assert order["history"] == [{"status": "PROCESSING", "at": "2026-03-01T12:00:00.000Z"}]
    assert "refundedTotal" not in order


def test_anothers_order_is_not_found(call: Call) -> None:
    status, problem = call("GET /api/orders/order-1", user="eve")

    assert (status, problem["code"]) == (404, "NOT_FOUND")


def test_staff_reads_any_order(call: Call) -> None:
    assert call("GET /api/orders/order-1", user="bob", staff=True)[0] == 200


def test_a_list_holds_only_the_callers_orders(call: Call) -> None:
    assert [order["orderId"] for order in call("GET /api/orders")[1]["items"]] == ["order-1"]
    assert call("GET /api/orders", user="eve")[1]["items"] == []


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "51"}, {"limit": "x"}, {"cursor": "forged"}])
def test_a_bad_page_is_a_validation_problem(call: Call, query: dict[str, str]) -> None:
    status, problem = call("GET /api/orders", **query)

    assert (status, problem["code"]) == (422, "VALIDATION")


def test_cancelling_twice_is_accepted_twice_and_done_once(call: Call, store: OrderStore) -> None:
    first, _ = call("POST /api/orders/order-1/cancel")
    second, body = call("POST /api/orders/order-1/cancel")

    assert (first, second, body["status"]) == (202, 202, "CANCELLED")
    order = store.find("order-1")
    assert order is not None
    assert order.sequence == 2


def test_a_shipped_order_cannot_be_cancelled(call: Call) -> None:
    parcel = {"carrier": "Post", "trackingNumber": "T1"}
    assert call("POST /api/orders/order-1/ship", parcel, staff=True)[0] == 202

    status, problem = call("POST /api/orders/order-1/cancel")

    assert (status, problem["code"]) == (409, "NOT_CANCELLABLE")


@pytest.mark.parametrize(
    ("route", "body"),
    [("ship", {"carrier": "Post", "trackingNumber": "T1"}), ("deliver", None), ("refund", {"reason": "DAMAGED"})],
)
def test_staff_routes_refuse_shoppers(call: Call, route: str, body: object) -> None:
    status, problem = call(f"POST /api/orders/order-1/{route}", body, key="key-1")

    assert (status, problem["code"]) == (403, "FORBIDDEN")
    assert call(f"POST /api/orders/order-1/{route}", body)[0] == 403


def test_an_order_whose_money_is_all_back_is_not_shipped_but_can_be_cancelled(call: Call, store: OrderStore) -> None:
    order = store.find("order-1")
    assert order is not None
    refund = PaymentRefundedV2(
        order_id="order-1",
        user_id="ada",
        refund_id="re_1",
        amount=order.total,
        refunded_total=order.total,
        fully_refunded=True,
        reason="RETURNED",
    )
    store.update(order, lambda order: order.refunded(refund, NOW))

    status, problem = call("POST /api/orders/order-1/ship", {"carrier": "Post", "trackingNumber": "T1"}, staff=True)

    assert (status, problem["code"]) == (409, "NOTHING_PAID")
    assert call("POST /api/orders/order-1/cancel", staff=True) == (202, {"orderId": "order-1", "status": "REFUNDED"})


def test_an_order_without_an_address_is_not_shipped_but_can_be_cancelled(call: Call, store: OrderStore) -> None:
    order = store.find("order-1")
    assert order is not None
    store.remove_address(order)

    status, problem = call("POST /api/orders/order-1/ship", {"carrier": "Post", "trackingNumber": "T1"}, staff=True)

    assert (status, problem["code"]) == (409, "NO_ADDRESS")
    assert call("POST /api/orders/order-1/cancel", staff=True) == (202, {"orderId": "order-1", "status": "CANCELLED"})


def test_an_order_that_was_not_shipped_cannot_be_delivered(call: Call) -> None:
    status, problem = call("POST /api/orders/order-1/deliver", staff=True)

    assert (status, problem["code"], problem["orderStatus"]) == (409, "WRONG_STATUS", "PROCESSING")


def test_a_shipment_without_a_tracking_number_is_a_validation_problem(call: Call) -> None:
    status, problem = call("POST /api/orders/order-1/ship", {"carrier": "Post"}, staff=True)

    assert (status, problem["code"]) == (422, "VALIDATION")
    assert "trackingNumber" in problem["errors"][0]["path"]


def test_a_shipment_with_a_blank_carrier_is_a_validation_problem(call: Call) -> None:
    assert call("POST /api/orders/order-1/ship", {"carrier": " ", "trackingNumber": "T1"}, staff=True)[0] == 422


REFUND = "POST /api/orders/order-1/refund"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": ""},
        {"reason": "It broke."},
        {"reason": "OTHER", "note": " "},
        {"reason": "OTHER", "note": "x" * 501},
    ],
)
def test_a_refund_without_a_code_or_with_an_essay_is_a_validation_problem(
    call: Call, store: OrderStore, body: object
) -> None:
    status, problem = call(REFUND, body, staff=True, key="key-1")

    assert (status, problem["code"]) == (422, "VALIDATION")
    assert requests(store) == []


def requests(store: OrderStore) -> list[int]:
    """Return the amounts of the refunds that staff has requested."""
    order = store.find("order-1")
    assert order is not None
    return [request.amount.amount for request in order.refund_requests.values()]


@pytest.mark.parametrize("body", [{"reason": "DAMAGED"}, {"reason": "It broke."}, {}])
def test_a_refund_without_a_key_is_refused_with_a_sentence_whatever_it_says(
    call: Call, store: OrderStore, body: object
) -> None:
    status, problem = call(REFUND, body, staff=True)

    assert (status, problem["code"]) == (400, "IDEMPOTENCY_KEY_REQUIRED")
    assert "Idempotency-Key" in problem["detail"]
    assert requests(store) == []


def test_a_refund_is_recorded_with_its_event(call: Call, store: OrderStore, dynamodb: "DynamoDBClient") -> None:
    body = {"amount": {"amount": 1000, "currency": "USD"}, "reason": "DAMAGED", "note": "A scratch."}

    assert call(REFUND, body, staff=True, key="key-1")[0] == 202

    assert requests(store) == [1000]
    (item,) = dynamodb.scan(TableName="Orders")["Items"]
    (told,) = json.loads(item["outbox"]["S"])
    assert told["detailType"] == "RefundRequested"
    assert "scratch" not in told["detail"]


def test_a_repeated_refund_gets_the_first_answer_and_pays_once(call: Call, store: OrderStore) -> None:
    body = {"amount": {"amount": 1000, "currency": "USD"}, "reason": "DAMAGED", "note": "A scratch."}
    first = call(REFUND, body, staff=True, key="key-1")
    call("POST /api/orders/order-1/ship", {"carrier": "Post", "trackingNumber": "T1"}, staff=True)

    assert call(REFUND, body, staff=True, key="key-1") == first == (202, {"orderId": "order-1", "status": "PROCESSING"})
    assert requests(store) == [1000]


def test_a_key_that_was_used_with_another_request_is_refused(call: Call, store: OrderStore) -> None:
    amount = {"amount": 1000, "currency": "USD"}
    call(REFUND, {"amount": amount, "reason": "DAMAGED"}, staff=True, key="key-1")

    for other in ({"reason": "DAMAGED"}, {"amount": amount, "reason": "OTHER"}):
        status, problem = call(REFUND, other, staff=True, key="key-1")
        assert (status, problem["code"]) == (422, "IDEMPOTENCY_MISMATCH")
    assert requests(store) == [1000]


def test_what_is_under_way_is_shown_and_not_refunded_again(call: Call) -> None:
    amount = {"amount": 5000, "currency": "USD"}
    call(REFUND, {"amount": amount, "reason": "DAMAGED"}, staff=True, key="key-1")

    status, problem = call(REFUND, {"amount": amount, "reason": "DAMAGED"}, staff=True, key="key-2")

    assert (status, problem["code"], problem["refundable"]["amount"]) == (409, "NOT_REFUNDABLE", 499)
    order = call("GET /api/orders/order-1")[1]
    assert order["refundsUnderWay"] == amount
    assert "refundedTotal" not in order


def test_an_order_that_has_left_meanwhile_is_not_refunded_wholly_without_more_words(call: Call) -> None:
    call("POST /api/orders/order-1/ship", {"carrier": "Post", "trackingNumber": "T1"}, staff=True)

    status, problem = call(REFUND, {"reason": "DAMAGED"}, staff=True, key="key-1")

    assert (status, problem["code"], problem["orderStatus"]) == (409, "WRONG_STATUS", "SHIPPED")
    assert "expectedStatus" in problem["detail"]
    body = {"reason": "DAMAGED", "expectedStatus": "SHIPPED"}
    assert call(REFUND, body, staff=True, key="key-1") == (202, {"orderId": "order-1", "status": "SHIPPED"})


def test_an_order_whose_money_is_all_on_its_way_back_is_not_shipped(call: Call) -> None:
    call(REFUND, {"reason": "DAMAGED"}, staff=True, key="key-1")

    status, problem = call("POST /api/orders/order-1/ship", {"carrier": "Post", "trackingNumber": "T1"}, staff=True)

    assert (status, problem["code"]) == (409, "NOTHING_PAID")


def test_a_note_of_staff_is_shown_to_nobody(call: Call) -> None:
    call(REFUND, {"reason": "OTHER", "note": "He shouted."}, staff=True, key="key-1")

    assert "shouted" not in json.dumps(call("GET /api/orders/order-1")[1])


@pytest.mark.parametrize("route", ["GET {}", "POST {}/cancel", "POST {}/deliver"])
def test_an_order_id_that_no_table_takes_is_a_validation_problem(call: Call, route: str) -> None:
    assert call(route.format("/api/orders/" + "a" * 3000), staff=True)[0] == 422

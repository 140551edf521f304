"""The routes of orders: who sees what, and which answer each refusal is."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from schemas.commands import PlaceOrder
from schemas.payment import PaymentRefunded
from services.orders import api as routes
from services.orders.domain import Order, OrderNotRefundableError, StaffRefund
from services.orders.store import OrderStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Call = Callable[..., tuple[int, dict[str, Any]]]


class FakeRefundClient:
    """Takes every refund, or refuses with a sentence."""

    def __init__(self) -> None:
        self.requests: list[StaffRefund] = []
        self.refusal: str | None = None

    def request(self, refund: StaffRefund) -> None:
        if self.refusal:
            raise OrderNotRefundableError(self.refusal)
        self.requests.append(refund)


@pytest.fixture
def refunds(monkeypatch: pytest.MonkeyPatch) -> FakeRefundClient:
    fake = FakeRefundClient()
    monkeypatch.setattr(routes, "refund_client", lambda: fake)
    return fake


@pytest.fixture
def call(store: OrderStore, monkeypatch: pytest.MonkeyPatch, place_order: PlaceOrder) -> Call:
    monkeypatch.setattr(routes, "store", lambda: store)
    order, event = Order.placed(place_order, NOW)
    store.create(order, event)

    def call(
        route: str, body: object = None, user: str = "ada", *, staff: bool = False, **query: str
    ) -> tuple[int, dict[str, Any]]:
        method, path = route.split(" ")
        claims = {"sub": user, "email": f"{user}@example.com", **({"cognito:groups": "[staff]"} if staff else {})}
        answer = routes.api(
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": urlencode(query),
                "headers": {"content-type": "application/json"},
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
    [("ship", {"carrier": "Post", "trackingNumber": "T1"}), ("deliver", None), ("refund", {"reason": "Broken."})],
)
def test_staff_routes_refuse_shoppers(call: Call, refunds: FakeRefundClient, route: str, body: object) -> None:
    status, problem = call(f"POST /api/orders/order-1/{route}", body)

    assert (status, problem["code"]) == (403, "FORBIDDEN")
    assert refunds.requests == []


def test_an_order_whose_money_is_all_back_is_not_shipped_but_can_be_cancelled(call: Call, store: OrderStore) -> None:
    order = store.find("order-1")
    assert order is not None
    refund = PaymentRefunded(
        order_id="order-1",
        user_id="ada",
        refund_id="re_1",
        amount=order.total,
        refunded_total=order.total,
        fully_refunded=True,
        reason="why",
    )
    store.update(order, lambda order: order.refunded(refund, NOW))

    status, problem = call("POST /api/orders/order-1/ship", {"carrier": "Post", "trackingNumber": "T1"}, staff=True)

    assert (status, problem["code"]) == (409, "NOTHING_PAID")
    assert call("POST /api/orders/order-1/cancel", staff=True) == (202, {"orderId": "order-1", "status": "REFUNDED"})


def test_an_order_that_was_not_shipped_cannot_be_delivered(call: Call) -> None:
    status, problem = call("POST /api/orders/order-1/deliver", staff=True)

    assert (status, problem["code"], problem["orderStatus"]) == (409, "WRONG_STATUS", "PROCESSING")


def test_a_shipment_without_a_tracking_number_is_a_validation_problem(call: Call) -> None:
    status, problem = call("POST /api/orders/order-1/ship", {"carrier": "Post"}, staff=True)

    assert (status, problem["code"]) == (422, "VALIDATION")
    assert "trackingNumber" in problem["errors"][0]["path"]


def test_a_shipment_with_a_blank_carrier_is_a_validation_problem(call: Call) -> None:
    assert call("POST /api/orders/order-1/ship", {"carrier": " ", "trackingNumber": "T1"}, staff=True)[0] == 422


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_refund_without_a_reason_or_with_an_essay_is_a_validation_problem(
    call: Call, refunds: FakeRefundClient, reason: str
) -> None:
    status, problem = call("POST /api/orders/order-1/refund", {"reason": reason}, staff=True)

    assert (status, problem["code"]) == (422, "VALIDATION")
    assert refunds.requests == []


@pytest.mark.parametrize("route", ["GET {}", "POST {}/cancel", "POST {}/deliver"])
def test_an_order_id_that_no_table_takes_is_a_validation_problem(call: Call, route: str) -> None:
    assert call(route.format("/api/orders/" + "a" * 3000), staff=True)[0] == 422


def test_a_refund_is_asked_of_the_payment_service(call: Call, refunds: FakeRefundClient) -> None:
    status, _ = call("POST /api/orders/order-1/refund", {"reason": "Broken."}, staff=True)

    assert status == 202
    (refund,) = refunds.requests
    assert (refund.order_id, refund.amount.amount, refund.reason) == ("order-1", 5499, "Broken.")


def test_more_than_what_is_left_is_not_asked_of_the_payment_service(call: Call, refunds: FakeRefundClient) -> None:
    body = {"amount": {"amount": 5500, "currency": "USD"}, "reason": "Broken."}

    status, problem = call("POST /api/orders/order-1/refund", body, staff=True)

    assert (status, problem["code"], problem["refundable"]["amount"]) == (409, "NOT_REFUNDABLE", 5499)
    assert refunds.requests == []


def test_a_refused_refund_says_what_is_left(call: Call, refunds: FakeRefundClient) -> None:
    refunds.refusal = "That is more than is left."

    status, problem = call("POST /api/orders/order-1/refund", {"reason": "Broken."}, staff=True)

    assert (status, problem["code"], problem["refundable"]["amount"]) == (409, "NOT_REFUNDABLE", 5499)

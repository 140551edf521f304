"""Goods that came back: their money is requested once, and never more than is left."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bus.outbox import envelope_for
from schemas.commands import PlaceOrder
from schemas.contract import Money
from schemas.refund import StaffRefundReason
from schemas.returns import ReceivedUnits, ReturnReceived
from services.orders import events
from services.orders.domain import Order
from services.orders.history import Actor
from services.orders.refund_requests import RefundedLine, StaffRefund
from services.orders.store import OrderStore
from tests.rejections import record_rejections

STAFF = Actor(kind="STAFF", user_id="bob")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
Deliver = Callable[[ReturnReceived], None]


def came_back(*, units: int = 1, refund: int = 2450, **changes: Any) -> ReturnReceived:
    values: dict[str, Any] = {
        "return_id": "order-1-1",
        "order_id": "order-1",
        "user_id": "ada",
        "lines": [ReceivedUnits(product_id="lamp", restocked=units, written_off=0)],
        "refund": Money(amount=refund),
        "reason": "WITHDRAWN",
        "received_at": NOW,
    }
    return ReturnReceived(**{**values, **changes})


@pytest.fixture
def order(store: OrderStore, place_order: PlaceOrder) -> Order:
    """Return an order of two lamps at $24.50, with delivery at $5.99."""
    order, event = Order.placed(place_order, NOW)
    store.create(order, event)
    return order


@pytest.fixture
def rejections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return record_rejections(events.consumer, monkeypatch)


@pytest.fixture
def deliver(store: OrderStore, rejections: list[str], monkeypatch: pytest.MonkeyPatch) -> Deliver:
    monkeypatch.setattr(events, "store", lambda: store)

    def deliver(event: ReturnReceived) -> None:
        body = {
            "source": event.source(),
            "detail-type": event.detail_type(),
            "detail": json.loads(envelope_for(event, sequence=1).to_json()),
        }
        batch = {"Records": [{"messageId": "m", "body": json.dumps(body)}]}
        assert events.consumer(batch, None) == {"batchItemFailures": []}

    return deliver


def requests_of(store: OrderStore) -> dict[str, tuple[int, StaffRefundReason]]:
    order = store.find("order-1")
    assert order is not None
    return {name: (request.amount.amount, request.reason) for name, request in order.refund_requests.items()}


def test_the_money_of_a_return_is_requested_once(deliver: Deliver, store: OrderStore, order: Order) -> None:
    deliver(came_back())
    deliver(came_back())

    assert requests_of(store) == {"return-order-1-1": (2450, "WITHDRAWN")}


def test_two_returns_are_two_requests(deliver: Deliver, store: OrderStore, order: Order) -> None:
    deliver(came_back())
    deliver(came_back(return_id="order-1-2", refund=2450 + 599))

    assert requests_of(store) == {"return-order-1-1": (2450, "WITHDRAWN"), "return-order-1-2": (3049, "WITHDRAWN")}


def test_no_more_is_requested_than_is_left(deliver: Deliver, store: OrderStore, order: Order) -> None:
    given = StaffRefund(amount=Money(amount=5000), reason="GOODWILL")
    store.update(order, lambda order: order.refund_requested(given, "key", NOW, by=STAFF))

    deliver(came_back())

    assert requests_of(store)["return-order-1-1"] == (499, "WITHDRAWN")


def test_units_that_staff_has_refunded_are_not_refunded_again(
    deliver: Deliver, store: OrderStore, order: Order
) -> None:
    given = StaffRefund(lines=[RefundedLine(product_id="lamp", quantity=1)], reason="DAMAGED")
    store.update(order, lambda order: order.refund_requested(given, "key", NOW, by=STAFF))

    deliver(came_back(units=2, refund=4900))

    assert requests_of(store)["return-order-1-1"] == (2450, "WITHDRAWN")


def test_of_units_for_which_a_part_of_the_price_was_given_back_the_rest_is_refunded(
    deliver: Deliver, store: OrderStore, order: Order
) -> None:
    scratched = [RefundedLine(product_id="lamp", quantity=1)]
    given = StaffRefund(amount=Money(amount=500), lines=scratched, reason="PRICE_ADJUSTMENT")
    store.update(order, lambda order: order.refund_requested(given, "key", NOW, by=STAFF))

    deliver(came_back())
    deliver(came_back(return_id="order-1-2", refund=2450 + 599))

    # Of both lamps: 4900 and the delivery, of which 500 were given back before.
    assert requests_of(store)["return-order-1-1"] == (2450, "WITHDRAWN")
    assert requests_of(store)["return-order-1-2"] == (1950 + 599, "WITHDRAWN")


def test_where_nothing_is_left_nothing_is_requested(deliver: Deliver, store: OrderStore, order: Order) -> None:
    store.update(order, lambda order: order.refund_requested(StaffRefund(reason="OTHER"), "key", NOW, by=STAFF))

    deliver(came_back())

    assert "return-order-1-1" not in requests_of(store)


@pytest.mark.parametrize(
    "changes",
    [{"units": 3}, {"user_id": "eve"}, {"order_id": "order-9"}, {"refund": None}],
)
def test_what_contradicts_the_order_goes_to_quarantine(
    deliver: Deliver, store: OrderStore, order: Order, rejections: list[str], changes: dict[str, Any]
) -> None:
    event = came_back(**{name: value for name, value in changes.items() if value is not None})
    if "refund" in changes:
        event = event.model_copy(update={"refund": Money(amount=2450, currency="EUR")})

    deliver(event)

    assert len(rejections) == 1
    assert requests_of(store) == {}

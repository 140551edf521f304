"""Each action in each state of an order, against the store: done once or refused, and a repetition changes nothing."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from schemas.commands import PlaceOrder
from schemas.contract import Money
from schemas.inventory import ShortLine, StockShort
from schemas.payment import PaymentRefundedV2, RefundPending
from services.orders.domain import Order, OrderChange
from services.orders.history import SHOPPER, Actor, Requester
from services.orders.order_record import OrderMismatchError
from services.orders.parcels import (
    FullyRefundedError,
    ParcelDeliveredError,
    ParcelExistsError,
    ParcelToSend,
    Units,
    UnitsNotLeftError,
    UnsentUnitsError,
)
from services.orders.refund_requests import OrderNotRefundableError, StaffRefund
from services.orders.statuses import InvalidTransitionError, OrderStatus, UnexpectedStatusError
from services.orders.store import OrderStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STAFF = Actor(kind="STAFF", user_id="bob")
Rule = Callable[[Order], OrderChange | None]

PART = ParcelToSend(carrier="Post", tracking_number="T1", lines=[Units(product_id="lamp", quantity=1)])
REST = ParcelToSend(carrier="Post", tracking_number="T2")


def refund(amount: int, refund_id: str = "re_1") -> PaymentRefundedV2:
    return PaymentRefundedV2(
        order_id="order-1",
        user_id="ada",
        refund_id=refund_id,
        amount=Money(amount=amount),
        refunded_total=Money(amount=amount),
        fully_refunded=True,
        reason="RETURNED",
    )


LATE = RefundPending(
    order_id="order-1", user_id="ada", request_id="cancel", amount=Money(amount=5499), pending_since=NOW
)
SHORT = StockShort(order_id="order-1", user_id="ada", lines=[ShortLine(product_id="lamp", quantity=2)])

ACTIONS: dict[str, Rule] = {
    "ship a part": lambda order: order.shipped(PART, NOW, by=STAFF),
    "ship the rest": lambda order: order.shipped(REST, NOW, by=STAFF),
    "deliver": lambda order: order.delivered(NOW, by=STAFF),
    "deliver a parcel": lambda order: order.parcel_delivered("1", NOW, by=STAFF),
    "cancel": lambda order: order.cancelled_for(Requester("ada", is_staff=False), NOW),
    "cancel by staff": lambda order: order.cancelled_for(Requester("bob", is_staff=True), NOW),
    "shortage": lambda order: order.cancelled_for_shortage(NOW),
    "erase": lambda order: order.cancelled_for_erasure(NOW) or order.rest_refunded_for_erasure(NOW),
    "request a refund": lambda order: order.refund_requested(
        StaffRefund(amount=Money(amount=100), reason="GOODWILL"), "key", NOW, by=STAFF
    ),
    "request all": lambda order: order.refund_requested(StaffRefund(reason="GOODWILL"), "all", NOW, by=STAFF),
    "refunded in part": lambda order: order.refunded_once(refund(99, "re_part"), NOW),
    "refunded": lambda order: order.refunded_once(refund(5499, "re_all"), NOW) if not order.refunds else None,
    "refund late": lambda order: order.refund_delayed(LATE, NOW),
}

PATHS: dict[OrderStatus, list[str]] = {
    OrderStatus.PROCESSING: [],
    OrderStatus.PARTIALLY_SHIPPED: ["ship a part"],
    OrderStatus.SHIPPED: ["ship a part", "ship the rest"],
    OrderStatus.DELIVERED: ["ship a part", "ship the rest", "deliver"],
    OrderStatus.CANCELLED: ["cancel"],
    OrderStatus.REFUND_PENDING: ["cancel", "refund late"],
    OrderStatus.REFUNDED: ["cancel", "refunded"],
}
"""The actions by which an order gets into each status."""

P, PS, S, D, C, RP, R = OrderStatus
LEGAL: dict[str, dict[OrderStatus, OrderStatus]] = {
    "ship a part": {P: PS},
    "ship the rest": {P: S, PS: S},
    "deliver": {S: D},
    "deliver a parcel": {PS: PS, S: S},
    "cancel": {P: C},
    "cancel by staff": {P: C},
    "shortage": {P: C},
    "erase": {P: C, PS: PS},
    "request a refund": {P: P, PS: PS, S: S, D: D},
    "request all": {P: P, D: D},
    "refunded in part": {P: P, PS: PS, S: S, D: D, C: C, RP: RP},
    "refunded": {P: P, PS: PS, S: S, D: D, C: R, RP: R},
    "refund late": {C: RP},
}
"""By action, the statuses in which it changes the order, and the status after it. Elsewhere nothing is written."""

REFUSALS = (
    InvalidTransitionError,
    ParcelExistsError,
    UnitsNotLeftError,
    UnsentUnitsError,
    FullyRefundedError,
    OrderNotRefundableError,
    UnexpectedStatusError,
    ParcelDeliveredError,
    OrderMismatchError,
)


@pytest.fixture
def in_status(store: OrderStore, place_order: PlaceOrder) -> Callable[[OrderStatus], Order]:
    def in_status(status: OrderStatus) -> Order:
        order, event = Order.placed(place_order, NOW)
        store.create(order, event)
        for action in PATHS[status]:
            order = store.update(order, ACTIONS[action])
        assert order.status is status
        return order

    return in_status


def stored(dynamodb: "DynamoDBClient") -> dict[str, Any]:
    (item,) = dynamodb.scan(TableName="Orders")["Items"]
    return dict(item)


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_done_once_or_refused(
    in_status: Callable[[OrderStatus], Order],
    store: OrderStore,
    dynamodb: "DynamoDBClient",
    action: str,
    status: OrderStatus,
) -> None:
    seen = in_status(status)
    before = stored(dynamodb)

    if status not in LEGAL[action]:
        with contextlib.suppress(*REFUSALS):
            assert store.update(seen, ACTIONS[action]) == seen
        assert stored(dynamodb) == before
        return

    after = store.update(seen, ACTIONS[action])
    done = stored(dynamodb)
    assert after.status is LEGAL[action][status]
    assert after.sequence == seen.sequence + 1
    assert len(after.history) == len(seen.history) + 1
    assert after.history[-1].actor is not None
    if action != "refund late":
        assert done["outbox"] != before["outbox"]

    # The second click, with the page of before it, and the event that is delivered again.
    for _ in range(2):
        with contextlib.suppress(*REFUSALS):
            store.update(seen, ACTIONS[action])
        assert stored(dynamodb) == done


@pytest.mark.parametrize(
    ("action", "status"), [(action, status) for action, statuses in LEGAL.items() for status in statuses]
)
def test_the_condition_of_the_write_refuses_what_was_decided_on_another_state(
    in_status: Callable[[OrderStatus], Order],
    store: OrderStore,
    dynamodb: "DynamoDBClient",
    action: str,
    status: OrderStatus,
) -> None:
    seen = in_status(status)
    change = ACTIONS[action](seen)
    assert change is not None
    # Somebody else is faster.
    store.update(seen, lambda order: order.refunded_once(refund(1, "re_faster"), NOW))
    before = stored(dynamodb)

    assert not store._replace(seen, *change)

    assert stored(dynamodb) == before


def test_the_history_says_who_did_what(in_status: Callable[[OrderStatus], Order]) -> None:
    order = in_status(OrderStatus.DELIVERED)

    assert [(entry.what, entry.actor, entry.parcel_id) for entry in order.history] == [
        ("PLACED", SHOPPER, None),
        ("SHIPPED", STAFF, "1"),
        ("SHIPPED", STAFF, "2"),
        ("DELIVERED", STAFF, None),
    ]


def test_an_order_of_an_earlier_version_is_read_and_goes_on(store: OrderStore, dynamodb: "DynamoDBClient") -> None:
    money = {"M": {"amount": {"N": "4900"}, "currency": {"S": "USD"}}}
    line = {"productId": {"S": "lamp"}, "name": {"S": "Lamp"}, "quantity": {"N": "2"}, "unitPrice": money}
    at = {"S": "2026-01-01T00:00:00.000Z"}
    history = [{"M": {"status": {"S": status}, "at": at}} for status in ("PROCESSING", "SHIPPED")]
    dynamodb.put_item(
        TableName="Orders",
        Item={
            "orderId": {"S": "old"},
            "userId": {"S": "ada"},
            "status": {"S": "SHIPPED"},
            "lines": {"L": [{"M": line}]},
            "subtotal": money,
            "shipping": money,
            "total": money,
            "paymentIntentId": {"S": "pi"},
            "placedAt": at,
            "history": {"L": history},
            "shipment": {"M": {"carrier": {"S": "Post"}, "trackingNumber": {"S": "T"}}},
            "sequence": {"N": "2"},
            "timestamp": {"N": "1"},
        },
    )
    order = store.find("old")
    assert order is not None
    (parcel,) = order.parcels
    assert (parcel.parcel_id, parcel.tracking_number, parcel.lines[0].quantity) == ("1", "T", 2)
    assert [entry.what for entry in order.history] == ["PLACED", "SHIPPED"]

    store.update(order, ACTIONS["deliver"])

    after = store.find("old")
    assert after is not None
    assert after.status is OrderStatus.DELIVERED
    assert after.parcels[0].delivered_at == NOW
    assert "shipment" not in dynamodb.scan(TableName="Orders")["Items"][0]

"""What orders do when money went back, stock was short, or a person asked for erasure."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from bus.consumer import Consumer
from bus.outbox import envelope_for
from schemas.commands import PlaceOrder
from schemas.contract import Money
from schemas.event import Event
from schemas.identity import UserDeleted
from schemas.inventory import ShortLine, StockShort
from schemas.payment import PaymentRefundedV2, RefundFailed, RefundPending
from services.orders import commands, events
from services.orders.domain import Order
from services.orders.erasure_queue import OrdersPage
from services.orders.history import SHOPPER, Actor
from services.orders.parcels import FullyRefundedError, ParcelToSend
from services.orders.refund_requests import StaffRefund
from services.orders.statuses import OrderStatus
from services.orders.store import OrderStore
from tests.rejections import record_rejections
from tests.unit.erased import erase

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

STAFF = Actor(kind="STAFF", user_id="bob")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Deliver = Callable[..., list[str]]


def record_of(event: Event, message_id: str = "m") -> dict[str, str]:
    body = {
        "source": event.source(),
        "detail-type": event.detail_type(),
        "detail": json.loads(envelope_for(event, sequence=1).to_json()),
    }
    return {"messageId": message_id, "body": json.dumps(body)}


@pytest.fixture
def deliver(store: OrderStore, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    monkeypatch.setattr(events, "store", lambda: store)
    consumer: Consumer = events.consumer

    def deliver(*delivered: Event) -> list[str]:
        records = [record_of(event, str(index)) for index, event in enumerate(delivered)]
        return [failure["itemIdentifier"] for failure in consumer({"Records": records}, None)["batchItemFailures"]]

    return deliver


@pytest.fixture(autouse=True)
def rejections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the reasons with which events went to quarantine."""
    return record_rejections(events.consumer, monkeypatch)


@pytest.fixture
def order(store: OrderStore, place_order: PlaceOrder) -> Order:
    order, event = Order.placed(place_order, NOW)
    store.create(order, event)
    return order


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


SHORT = StockShort(order_id="order-1", user_id="ada", lines=[ShortLine(product_id="lamp", quantity=2)])


def test_a_refund_that_is_delivered_twice_is_noted_once(deliver: Deliver, store: OrderStore, order: Order) -> None:
    assert deliver(refund(499), refund(499)) == []

    after = store.find("order-1")
    assert after is not None
    assert (after.refunds, after.sequence) == ({"re_1": 499}, 2)


def test_a_cancelled_order_is_refunded_when_all_its_money_is_back(
    deliver: Deliver, store: OrderStore, order: Order
) -> None:
    store.update(order, lambda order: order.cancelled(SHOPPER, "why", NOW))

    deliver(refund(5499))

    after = store.find("order-1")
    assert after is not None
    assert after.status is OrderStatus.REFUNDED


def test_a_refund_of_a_checkout_without_an_order_makes_none(deliver: Deliver, store: OrderStore) -> None:
    assert deliver(refund(5499), refund(5499)) == []

    assert store.find("order-1") is None
    assert store.get("order-1", "ada") is None
    assert store.list_by_user("ada", 10, None) == ([], None)


def test_refunds_that_come_before_their_order_are_applied_to_it(
    deliver: Deliver, store: OrderStore, place_order: PlaceOrder, dynamodb: "DynamoDBClient"
) -> None:
    assert deliver(refund(499), refund(499), refund(5000, "re_2")) == []

    order, placed = Order.placed(place_order, NOW)
    assert store.create(order, placed)
    assert not store.create(order, placed)

    after = store.find("order-1")
    assert after is not None
    assert (after.refunds, after.sequence) == ({"re_1": 499, "re_2": 5000}, 3)
    with pytest.raises(FullyRefundedError):
        after.shipped(ParcelToSend(carrier="Post", tracking_number="T1"), NOW, by=STAFF)
    (item,) = dynamodb.scan(TableName="Orders")["Items"]
    told = [entry["detailType"] for entry in json.loads(item["outbox"]["S"])]
    assert told == ["OrderPlaced", "OrderRefunded", "OrderRefunded"]
    assert "expiresAt" not in item


def test_a_replay_of_what_was_noted_changes_nothing(deliver: Deliver, dynamodb: "DynamoDBClient") -> None:
    deliver(refund(499))
    before = dynamodb.scan(TableName="Orders")["Items"]

    assert deliver(refund(499)) == []

    assert len(before) == 1
    assert dynamodb.scan(TableName="Orders")["Items"] == before


def test_a_refund_that_comes_while_the_order_is_put_is_applied_as_well(
    deliver: Deliver, store: OrderStore, place_order: PlaceOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(refund(499))
    put, arriving = store._put, [refund(5000, "re_2")]

    def overtaken(*given: Any) -> None:
        if given[2] and arriving:
            deliver(arriving.pop())
        put(*given)

    monkeypatch.setattr(store, "_put", overtaken)

    assert store.create(*Order.placed(place_order, NOW))

    after = store.find("order-1")
    assert after is not None
    assert after.refunds == {"re_1": 499, "re_2": 5000}


def test_a_refund_whose_order_is_placed_at_that_moment_comes_again(
    deliver: Deliver, store: OrderStore, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as unseen:
        unseen.setattr(store, "find", lambda _order_id: None)
        assert deliver(refund(499)) == ["0"]

    assert deliver(refund(499)) == []


def pending(**differs: Any) -> RefundPending:
    return RefundPending(
        order_id="order-1", user_id="ada", request_id="cancel", amount=Money(amount=5499), pending_since=NOW
    ).model_copy(update=differs)


FAILED = RefundFailed(
    order_id="order-1",
    user_id="ada",
    request_id="cancel",
    amount=Money(amount=5499),
    failure_code="charge_disputed",
)


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("first", ["first version", "second version", "first version with free text"])
def test_both_versions_of_a_refund_are_one_refund(
    deliver: Deliver,
    store: OrderStore,
    dynamodb: "DynamoDBClient",
    place_order: PlaceOrder,
    first: str,
    early: bool,
) -> None:
    second_version = refund(499)
    versions: list[Event] = [second_version.downcast(), second_version]
    if first == "second version":
        versions.reverse()
    if first == "first version with free text":
        versions[0] = second_version.downcast().model_copy(update={"reason": "She was rude."})
    if early:
        assert deliver(*versions) == []
    store.create(*Order.placed(place_order, NOW))
    if not early:
        assert deliver(*versions) == []

    after = store.find("order-1")
    assert after is not None
    assert after.refunds == {"re_1": 499}
    (item,) = dynamodb.scan(TableName="Orders")["Items"]
    assert "rude" not in json.dumps(item)


def test_a_refund_that_the_first_version_stored_before_its_order_is_applied(
    store: OrderStore, place_order: PlaceOrder
) -> None:
    store.record_early_refund(cast("Any", refund(499).downcast()))

    store.create(*Order.placed(place_order, NOW))

    after = store.find("order-1")
    assert after is not None
    assert after.refunds == {"re_1": 499}


@pytest.mark.parametrize("delay", [pending(), FAILED], ids=["pending", "failed"])
def test_a_cancelled_order_says_that_its_refund_is_pending_until_it_is_made(
    deliver: Deliver, store: OrderStore, order: Order, delay: Event
) -> None:
    store.update(order, lambda order: order.cancelled(SHOPPER, "why", NOW))

    assert deliver(delay, delay) == []

    after = store.find("order-1")
    assert after is not None
    assert (after.status, after.is_cancelled) == (OrderStatus.REFUND_PENDING, True)
    assert deliver(refund(5499), delay) == []
    after = store.find("order-1")
    assert after is not None
    assert [step.status for step in after.history[1:]] == ["CANCELLED", "REFUND_PENDING", "REFUNDED"]


def test_a_refund_that_is_pending_leaves_the_status_of_an_order_that_is_not_cancelled(
    deliver: Deliver, store: OrderStore, order: Order
) -> None:
    assert deliver(pending(request_id="staff-1"), FAILED) == []

    assert store.find("order-1") == order


def test_a_request_of_staff_is_under_way_until_it_is_refunded_or_refused(
    deliver: Deliver, store: OrderStore, order: Order
) -> None:
    given = StaffRefund(amount=Money(amount=2000), reason="DAMAGED")
    order = store.update(order, lambda order: order.refund_requested(given, "key-1", NOW, by=STAFF))
    order = store.update(order, lambda order: order.refund_requested(given, "key-2", NOW, by=STAFF))
    first, second = order.refund_requests

    refunded = refund(2000).model_copy(update={"request_id": first})
    refused = FAILED.model_copy(update={"request_id": second})
    assert deliver(refunded, refused, refunded, refused) == []

    after = store.find("order-1")
    assert after is not None
    assert (after.refunded_total.amount, after.refunds_under_way.amount, after.refundable.amount) == (2000, 0, 3499)


def test_a_pending_refund_of_a_checkout_without_an_order_is_no_concern_of_orders(
    deliver: Deliver, rejections: list[str]
) -> None:
    assert deliver(pending()) == []
    assert rejections == []


def test_a_pending_refund_of_another_shopper_is_rejected(
    deliver: Deliver, store: OrderStore, order: Order, rejections: list[str]
) -> None:
    store.update(order, lambda order: order.cancelled(SHOPPER, "why", NOW))

    assert deliver(pending(user_id="ben")) == []

    assert rejections == ["order order-1 is another shopper's"]


def test_an_unfulfillable_order_is_cancelled_by_the_system(deliver: Deliver, store: OrderStore, order: Order) -> None:
    assert deliver(SHORT, SHORT) == []

    after = store.find("order-1")
    assert after is not None
    assert (after.status, after.sequence) == (OrderStatus.CANCELLED, 2)


def test_a_shortage_of_no_order_is_rejected(deliver: Deliver, rejections: list[str]) -> None:
    assert deliver(SHORT) == []

    assert rejections == ["there is no order order-1"]


@pytest.mark.parametrize(
    "differs",
    [
        {"user_id": "ben"},
        {"lines": [ShortLine(product_id="lamp", quantity=3)]},
        {"lines": [ShortLine(product_id="lamp", quantity=2), ShortLine(product_id="mug", quantity=1)]},
    ],
    ids=["shopper", "units", "product"],
)
def test_a_shortage_that_is_not_of_the_order_cancels_nothing(
    deliver: Deliver, store: OrderStore, order: Order, rejections: list[str], differs: dict[str, Any]
) -> None:
    assert deliver(SHORT.model_copy(update=differs)) == []

    assert len(rejections) == 1
    assert store.find("order-1") == order


@pytest.mark.parametrize(
    "differs",
    [{"user_id": "ben"}, {"amount": Money(amount=5500)}, {"amount": Money(amount=499, currency="JPY")}],
    ids=["shopper", "amount", "currency"],
)
def test_a_refund_that_is_not_of_the_order_is_not_recorded(
    deliver: Deliver, store: OrderStore, order: Order, rejections: list[str], differs: dict[str, Any]
) -> None:
    assert deliver(refund(499).model_copy(update=differs)) == []

    assert len(rejections) == 1
    assert store.find("order-1") == order


def test_refunds_of_more_than_the_payment_are_not_recorded(
    deliver: Deliver, store: OrderStore, order: Order, rejections: list[str]
) -> None:
    assert deliver(refund(5000), refund(500, "re_2"), refund(499, "re_3")) == []

    assert rejections == ["499 USD of order order-1 are left, and the refund is 500 USD (minor units)"]
    after = store.find("order-1")
    assert after is not None
    assert after.refunds == {"re_1": 5000, "re_3": 499}


def test_an_early_refund_of_more_than_the_payment_is_not_applied(
    deliver: Deliver, store: OrderStore, place_order: PlaceOrder
) -> None:
    deliver(refund(5500), refund(499, "re_2"))

    assert store.create(*Order.placed(place_order, NOW))

    after = store.find("order-1")
    assert after is not None
    assert after.refunds == {"re_2": 499}


@pytest.mark.parametrize(
    "differs",
    [
        {"total": Money(amount=1)},
        {"subtotal": Money(amount=1), "total": Money(amount=600)},
        {"shipping": Money(amount=0)},
        {"shipping": Money(amount=599, currency="JPY")},
        {"total": Money(amount=5499, currency="JPY")},
    ],
)
def test_an_order_whose_amounts_do_not_add_up_goes_to_the_dead_letters(
    store: OrderStore, place_order: PlaceOrder, monkeypatch: pytest.MonkeyPatch, differs: dict[str, Any]
) -> None:
    monkeypatch.setattr(commands, "store", lambda: store)
    forged = place_order.model_copy(update=differs).model_dump(mode="json", exclude_none=True)
    message = json.dumps({"context": {"correlationId": "the-request"}, "input": forged})

    answer = commands.place({"Records": [{"messageId": "1", "body": message}]}, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert store.find("order-1") is None


def test_the_erasure_of_a_shopper_begins_with_a_message(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[OrdersPage] = []

    class Queue:
        def send(self, page: OrdersPage) -> None:
            sent.append(page)

    monkeypatch.setattr(events, "erasure_queue", Queue)

    assert deliver(UserDeleted(user_id="ada", deleted_at=NOW)) == []

    assert sent == [OrdersPage(user_id="ada", erased_at=NOW)]


@pytest.mark.parametrize("refunded", [None, 499, 5499])
def test_an_order_that_erasure_has_overtaken_is_put_without_its_address_and_cancelled(
    deliver: Deliver, store: OrderStore, place_order: PlaceOrder, dynamodb: "DynamoDBClient", refunded: int | None
) -> None:
    if refunded:
        deliver(refund(refunded))
    erase(dynamodb, "ada")

    order, placed = Order.placed(place_order, NOW)
    assert store.create(order, placed)
    assert not store.create(order, placed)

    after = store.find("order-1")
    assert after is not None
    assert (after.shipping_address, after.refunds) == (None, {"re_1": refunded} if refunded else {})
    assert after.status is (OrderStatus.REFUNDED if refunded == 5499 else OrderStatus.CANCELLED)
    (item,) = dynamodb.scan(TableName="Orders")["Items"]
    told = [entry["detailType"] for entry in json.loads(item["outbox"]["S"])]
    assert told == ["OrderPlaced", "OrderCancelled", *(["OrderRefunded"] if refunded else [])]


def test_the_order_queue_puts_an_order_once_whatever_it_delivers(
    store: OrderStore, place_order: PlaceOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "store", lambda: store)
    context = {"correlationId": "the-request", "causationId": "the-payment"}
    message = json.dumps({"context": context, "input": place_order.model_dump(mode="json")})
    records = [{"messageId": "1", "body": message}, {"messageId": "2", "body": message}]

    assert commands.place({"Records": records}, None) == {"batchItemFailures": []}
    assert len(store.list_by_user("ada", 10, None)[0]) == 1


def test_a_message_that_is_no_order_goes_to_the_dead_letters(
    store: OrderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "store", lambda: store)

    answer = commands.place({"Records": [{"messageId": "1", "body": "{}"}]}, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}

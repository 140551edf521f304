"""The erasure of a shopper's orders: page by page, from where it stopped, and again until the index has caught up."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from schemas.commands import PlaceOrder
from services.orders import erasure
from services.orders.domain import Order
from services.orders.erasure import RECHECK_SECONDS
from services.orders.erasure_queue import OrdersPage
from services.orders.history import Actor
from services.orders.order_refunds import ERASURE_REQUEST
from services.orders.parcels import ParcelToSend, Units
from services.orders.refund_requests import RefundedLine, StaffRefund
from services.orders.statuses import OrderStatus
from services.orders.store import OrderStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

STAFF = Actor(kind="STAFF", user_id="bob")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARCEL = ParcelToSend(carrier="Post", tracking_number="T1")
Place = Callable[..., Order]


@dataclass
class Queue:
    """The queue of a test: pages, with how long each of them waits."""

    waiting: list[tuple[OrdersPage, int]] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)
    pages: int = 0

    def send(self, page: OrdersPage, delay_seconds: int = 0) -> None:
        self.waiting.append((page, delay_seconds))

    def deliver_next(self) -> bool:
        """Deliver the next page; return whether it was erased."""
        page, delay = self.waiting[0]
        self.delays.append(delay)
        self.pages += 1
        body = json.dumps({"context": {"correlationId": "r"}, "input": page.model_dump(mode="json", exclude_none=True)})
        failed = erasure.erase_page({"Records": [{"messageId": "1", "body": body}]}, None)["batchItemFailures"]
        if not failed:
            self.waiting.pop(0)
        return not failed

    def drain(self) -> None:
        while self.waiting:
            assert self.deliver_next()


@pytest.fixture
def queue(store: OrderStore, monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr(erasure, "store", lambda: store)
    monkeypatch.setattr(erasure, "erasure_queue", lambda: queue)
    queue.send(OrdersPage(user_id="ada", erased_at=NOW))
    return queue


@pytest.fixture
def place(store: OrderStore, place_order: PlaceOrder) -> Place:
    def place(order_id: str = "order-1", user_id: str = "ada", at: datetime = NOW) -> Order:
        command = place_order.model_copy(update={"order_id": order_id, "user_id": user_id})
        order, event = Order.placed(command, at)
        assert store.create(order, event)
        return order

    return place


@pytest.fixture
def writes(dynamodb: "DynamoDBClient") -> list[str]:
    """Return the ids of the orders that were written, one for each write."""
    writes: list[str] = []

    def note(params: dict[str, Any], **_: object) -> None:
        writes.append(params["Key"]["orderId"]["S"])

    def note_all(params: dict[str, Any], **_: object) -> None:
        writes.extend(each["Update"]["Key"]["orderId"]["S"] for each in params["TransactItems"] if "Update" in each)

    dynamodb.meta.events.register("provide-client-params.dynamodb.UpdateItem", note)
    dynamodb.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", note_all)
    return writes


def held(store: OrderStore, order_id: str = "order-1") -> tuple[OrderStatus, bool]:
    """Return the status of an order, and whether it has an address."""
    order = store.find(order_id)
    assert order is not None
    return order.status, order.shipping_address is not None


def test_an_unsent_order_is_cancelled_with_its_event_and_loses_its_address(
    queue: Queue, store: OrderStore, place: Place, dynamodb: "DynamoDBClient"
) -> None:
    place()

    queue.drain()

    assert held(store) == (OrderStatus.CANCELLED, False)
    (item,) = dynamodb.scan(TableName="Orders")["Items"]
    (entry,) = json.loads(item["outbox"]["S"])
    assert entry["detailType"] == "OrderCancelled"


def test_a_sent_order_loses_its_address_alone_and_those_of_others_keep_theirs(
    queue: Queue, store: OrderStore, place: Place
) -> None:
    store.update(place(), lambda order: order.shipped(PARCEL, NOW, by=STAFF))
    place("order-2", "bob")

    queue.drain()

    assert held(store) == (OrderStatus.SHIPPED, False)
    assert held(store, "order-2") == (OrderStatus.PROCESSING, True)


@pytest.mark.parametrize(("refunded", "requested"), [(1, 2450), (2, None)])
def test_what_staff_has_refunded_of_the_rest_is_not_refunded_again(
    refunded: int, requested: int | None, queue: Queue, store: OrderStore, place: Place
) -> None:
    one = [Units(product_id="lamp", quantity=1)]
    order = store.update(place(), lambda order: order.shipped(PARCEL.model_copy(update={"lines": one}), NOW, by=STAFF))
    given = StaffRefund(lines=[RefundedLine(product_id="lamp", quantity=refunded)], reason="DAMAGED")
    store.update(order, lambda order: order.refund_requested(given, "key", NOW, by=STAFF))

    queue.drain()

    assert held(store) == (OrderStatus.PARTIALLY_SHIPPED, False)
    erased = store.find("order-1")
    assert erased is not None
    request = erased.refund_requests.get(ERASURE_REQUEST)
    assert (request and request.amount.amount) == requested


def test_each_page_is_a_message_and_what_is_done_is_not_written_again(
    queue: Queue, store: OrderStore, place: Place, writes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "PAGE_SIZE", 2)
    for number in range(5):
        place(f"order-{number}", at=NOW - timedelta(minutes=number))

    queue.drain()

    # Three pages, and three again for each of the two rechecks.
    assert queue.pages == 9
    assert sorted(writes) == sorted([f"order-{number}" for number in range(5)] * 2)  # cancelled, and the address


def test_an_erasure_that_fails_goes_on_from_the_page_where_it_stopped(
    queue: Queue, store: OrderStore, place: Place, writes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "PAGE_SIZE", 2)
    for number in range(4):
        place(f"order-{number}", at=NOW - timedelta(minutes=number))
    erase = store.erase

    def fails_at_the_third(order: Order) -> bool:
        if order.order_id == "order-2":
            raise TimeoutError("DynamoDB does not answer")
        return erase(order)

    assert queue.deliver_next()
    with monkeypatch.context() as patched:
        patched.setattr(store, "erase", fails_at_the_third)
        assert not queue.deliver_next()
    writes.clear()

    assert queue.deliver_next()

    assert set(writes) == {"order-2", "order-3"}
    assert [held(store, f"order-{number}")[1] for number in range(4)] == [False] * 4


def test_the_index_is_read_again_until_an_order_that_it_lacked_is_erased(
    queue: Queue, store: OrderStore, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place("order-1")
    place("order-2")  # put just before the tombstone: the index has not got it yet
    listed, lagging = store.list_by_user, [True, True]

    def lag(*given: Any) -> tuple[list[Order], str | None]:
        orders, cursor = listed(*given)
        return [order for order in orders if not (lagging and lagging.pop() and order.order_id == "order-2")], cursor

    monkeypatch.setattr(store, "list_by_user", lag)
    assert queue.deliver_next()
    assert held(store, "order-2") == (OrderStatus.PROCESSING, True)

    queue.drain()

    assert held(store, "order-2") == (OrderStatus.CANCELLED, False)
    # After a recheck that found something, both of them come again.
    assert queue.delays[0] == 0
    assert queue.delays[-2:] == list(RECHECK_SECONDS)


def test_a_recheck_reads_the_newest_orders_only(queue: Queue, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "PAGE_SIZE", 2)
    for number in range(8):
        place(f"order-{number}", at=NOW - timedelta(days=number))

    queue.drain()

    # Four pages of two, and then each recheck ends at the page with an order of more than a day ago.
    assert queue.pages == 4 + 2 * 2

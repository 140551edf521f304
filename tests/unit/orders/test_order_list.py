"""Which orders staff finds, in how many reads, and that an erased shopper is found no more."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bus.cursor import InvalidCursorError
from schemas.commands import PlaceOrder
from schemas.order_number import order_number
from services.orders import order_list, staff_api
from services.orders.domain import Order
from services.orders.history import SHOPPER
from services.orders.order_list import OrderList, Wanted
from services.orders.order_search import OrderSearch
from services.orders.staff_models import StaffOrderView
from services.orders.statuses import OrderStatus
from services.orders.store import OrderStore
from tests.unit.orders_table import Reads

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Place = Callable[..., Order]


@pytest.fixture
def place(store: OrderStore, place_order: PlaceOrder) -> Place:
    def place(number: int, name: str = "Ada Lovelace", email: str = "ada@example.com") -> Order:
        address = place_order.shipping_address.model_copy(update={"name": name})
        command = place_order.model_copy(
            update={"order_id": f"order-{number}", "shipping_address": address, "email": email}
        )
        order, event = Order.placed(command, NOW - timedelta(hours=number))
        assert store.create(order, event)
        return order

    return place


@pytest.fixture
def orders(store: OrderStore, order_search: OrderSearch) -> OrderList:
    return OrderList(store, order_search)


def ids(orders: OrderList, limit: int = 10, **wanted: object) -> list[str]:
    """Return the ids of all pages."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = orders.page(Wanted(**wanted), limit, cursor)  # type: ignore[arg-type]
        found += [order.order_id for order in page.orders]
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_orders_are_listed_by_status_and_period_newest_first_page_by_page(
    orders: OrderList, store: OrderStore, place: Place
) -> None:
    placed = [place(number) for number in range(5)]
    store.update(placed[1], lambda order: order.cancelled(SHOPPER, "why", NOW))
    since = int((NOW - timedelta(hours=3)).timestamp() * 1000)

    assert ids(orders, limit=2) == [f"order-{number}" for number in range(5)]
    assert ids(orders, limit=2, status=OrderStatus.PROCESSING) == ["order-0", "order-2", "order-3", "order-4"]
    assert ids(orders, limit=2, status=OrderStatus.PROCESSING, from_ms=since) == ["order-0", "order-2", "order-3"]
    assert ids(orders, from_ms=since, to_ms=since) == ["order-3"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada@exa", ["order-0"]),
        ("LOVE", ["order-0"]),
        ("lovelace ada", ["order-0"]),
        ("muller", ["order-1"]),
        ("Jorge Müller", ["order-1"]),
        ("ada müller", []),
        (order_number("order-1"), ["order-1"]),
        (order_number("order-1").lower(), ["order-1"]),
        ("   ", []),
        ("\u00df" * 300, []),
    ],
)
def test_an_order_is_found_by_the_beginning_of_what_it_says(
    orders: OrderList, place: Place, text: str, found: list[str]
) -> None:
    place(0)
    place(1, name="Jorge Müller", email="jorge@example.com")

    assert ids(orders, text=text) == found
    assert ids(orders, text=text, status=OrderStatus.SHIPPED) == []


@pytest.mark.slow
def test_a_page_is_at_most_three_reads_of_a_page_whatever_is_wanted(
    orders: OrderList, place: Place, dynamodb: "DynamoDBClient"
) -> None:
    for number in range(120):
        place(number)
    reads = Reads.of(dynamodb)
    hour = int((NOW - timedelta(hours=100)).timestamp() * 1000)

    for wanted, items in (
        (Wanted(), 10),
        (Wanted(from_ms=hour), 10),
        (Wanted(status=OrderStatus.PROCESSING), 10),
        (Wanted(status=OrderStatus.PROCESSING, from_ms=hour), 10),
        (Wanted(text=order_number("order-100")), 2),
        # A page may have to leave out most of what it has read: it reads a hundred at once.
        (Wanted(text="ada"), 200),
        (Wanted(text="ada@example.com"), 200),
        (Wanted(text="QQQQQ QQQQQ"), 0),
    ):
        reads.clear()
        orders.page(wanted, 5, None)
        assert len(reads.calls) <= 3, wanted
        assert "Scan" not in reads.calls
        assert reads.items <= items, wanted


def test_a_cursor_of_another_list_is_refused(orders: OrderList, place: Place) -> None:
    for number in range(3):
        place(number)
    cursor = orders.page(Wanted(status=OrderStatus.PROCESSING), 1, None).next_cursor

    for wanted in (Wanted(), Wanted(text="ada"), Wanted(status=OrderStatus.SHIPPED)):
        with pytest.raises(InvalidCursorError):
            orders.page(wanted, 1, cursor)


def test_a_cursor_of_another_period_or_text_is_refused(
    orders: OrderList, order_search: OrderSearch, place: Place
) -> None:
    # DynamoDB itself answers a start outside of what is queried with an error.
    for number in range(3):
        place(number, name="Hanna Meyer")
    since = int((NOW - timedelta(hours=1)).timestamp() * 1000)
    ((_, old),) = order_search.list_placed(0, since - 1, 1, None).entries
    of_name = orders.page(Wanted(text="hanna"), 1, None).next_cursor

    with pytest.raises(InvalidCursorError):
        order_search.list_placed(since, since, 1, old)
    for text in ("hannam", "meyer"):
        with pytest.raises(InvalidCursorError):
            order_search.find(text, 1, of_name)


@pytest.mark.parametrize(("limit", "read"), [(1, 2), (1, 100), (2, 2), (10, 100)])
def test_an_order_that_two_words_find_is_there_once_and_hides_no_other(
    limit: int, read: int, orders: OrderList, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_list, "READ_AT_ONCE", read)
    place(0, name="Anna Ana", email="x@example.com")
    place(1, name="Anka Berg", email="y@example.com")
    place(2, name="Ana Berg", email="z@example.com")

    # By the beginning of each, from the end of the alphabet on.
    assert ids(orders, limit=limit, text="an") == ["order-0", "order-1", "order-2"]


def test_a_name_that_may_be_a_number_is_found_page_by_page(orders: OrderList, place: Place) -> None:
    for number in range(3):
        place(number, name="Hanna Meyer")

    assert ids(orders, limit=1, text="hanna meyer") == ["order-0", "order-1", "order-2"]


def test_an_erased_shopper_is_found_by_nothing_but_the_number(
    orders: OrderList, store: OrderStore, place: Place, dynamodb: "DynamoDBClient"
) -> None:
    assert store.erase(place(0))

    assert ids(orders, text="ada") == ids(orders, text="ada@example.com") == []
    (order,) = orders.page(Wanted(text=order_number("order-0")), 10, None).orders
    assert StaffOrderView.of(order).customer.model_dump(exclude_none=True) == {"userId": "ada"}
    for table in ("Orders", "OrderSearch"):
        left = str(dynamodb.scan(TableName=table)["Items"]).casefold()
        assert "lovelace" not in left
        assert "ada@example.com" not in left


def test_a_name_of_many_signs_is_stored(orders: OrderList, place: Place) -> None:
    place(0, name="\ufdfa" * 100)

    assert ids(orders) == ["order-0"]


def test_every_day_of_the_calendar_ends_a_period(
    orders: OrderList, store: OrderStore, order_search: OrderSearch, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(1)
    for name, made in (("store", store), ("order_search", order_search)):
        monkeypatch.setattr(staff_api, name, lambda made=made: made)

    monkeypatch.setattr(staff_api.api, "staff", lambda: None)

    def found(from_: date | None = None, to: date | None = None) -> int:
        return len(staff_api.find_orders(from_=from_, to=to, limit=10).items)

    assert found(from_=date.min, to=date.max) == 1
    assert found(from_=NOW.date(), to=NOW.date()) == 1
    assert found(to=NOW.date() - timedelta(days=1)) == 0

"""Staff's list of orders at scale: a page reads as little of ten thousand orders as of a hundred.

The rows are copies of one order with numbers, addresses and moments of their own, all in one status and with one name:
the fullest partitions that there can be. What judges is the number of reads, and of the items that they read. Times are
against a bare query for one key of the fullest partition: the emulator sorts a partition for each query, which DynamoDB
does not, so there neither grows.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from bus.attribute_values import to_item
from bus.erased_users import ErasedUsers
from ecom67.local.connection import Connection
from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from schemas.order_number import order_number
from services.orders.domain import Order
from services.orders.order_list import OrderList, Wanted
from services.orders.statuses import OrderStatus
from services.orders.store import OrderStore
from tests.bench.conftest import Record
from tests.bench.report import Figure
from tests.unit import order_search, orders_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SIZES = (100, 1_000, 10_000)
PAGE = 50
READS = 3
READ_ITEMS = 200
"""A hundred keys where a text is looked for, and as many orders."""
RUNS = 9
LIMIT = 30.0
"""Of the time of a page to that of one key: up to three reads, of which a hundred orders become models. A list that
read all of ten thousand orders would take hundreds of times as long."""
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
AMOUNT = Money(amount=4900)


class ManyOrders:
    """The tables of orders, which are filled step by step.

    Parameters:
        dynamodb: the client of an emulator with nothing in it.
    """

    def __init__(self, dynamodb: "DynamoDBClient") -> None:
        orders_table.create_orders_table(dynamodb)
        self._dynamodb = dynamodb
        self._search = order_search.create_order_search(dynamodb)
        store = OrderStore(
            dynamodb, orders_table.TABLE, lambda: self._search, lambda: ErasedUsers(dynamodb, "ErasedUsers")
        )
        self.list = OrderList(store, self._search)
        self.reads = orders_table.Reads.of(dynamodb)
        self._count = 0

    def fill(self, count: int) -> None:
        """Add copies until there are so many orders."""
        orders = [copy_of_order(number) for number in range(self._count, count)]
        rows = (
            {**order.model_dump(mode="json", exclude_none=True), "timestamp": int(order.placed_at.timestamp() * 1000)}
            for order in orders
        )
        self._write(orders_table.TABLE, map(to_item, rows))
        puts = (each["Put"]["Item"] for order in orders for each in self._search.puts(order))
        self._write(order_search.TABLE, puts)
        self._count = count

    def one_key(self) -> None:
        """Read one key of the fullest partition, in the plainest way."""
        self._dynamodb.query(
            TableName=order_search.TABLE,
            KeyConditionExpression="#bucket = :bucket",
            ExpressionAttributeNames={"#bucket": "bucket"},
            ExpressionAttributeValues=to_item({":bucket": "placed"}),
            ScanIndexForward=False,
            Limit=1,
        )

    def _write(self, table: str, items: Iterator[Any]) -> None:
        while chunk := list(islice(items, 25)):
            requests: Sequence[Any] = [{"PutRequest": {"Item": item}} for item in chunk]
            self._dynamodb.batch_write_item(RequestItems={table: requests})


def copy_of_order(number: int) -> Order:
    """Return an order; each has a moment and an e-mail address of its own."""
    command = PlaceOrder(
        order_id=f"order-{number}",
        user_id=f"user-{number}",
        lines=[Line(product_id="lamp", name="Lamp", quantity=2, unit_price=Money(amount=2450))],
        subtotal=AMOUNT,
        shipping=Money(amount=0),
        total=AMOUNT,
        shipping_address=ShippingAddress(
            name="Ada Lovelace", line1="1 Way", city="Hull", postal_code="1", country="GB"
        ),
        email=f"ada{number}@example.com",
        payment_intent_id="pi_1",
    )
    order, _ = Order.placed(command, BEGUN + timedelta(minutes=number))
    return order


def questions(count: int) -> dict[str, Wanted]:
    """Return each kind of question that staff asks, of so many orders."""
    begins = int((BEGUN + timedelta(minutes=count // 2)).timestamp() * 1000)
    ends = begins + 24 * 3600 * 1000
    return {
        "all": Wanted(),
        "a status": Wanted(status=OrderStatus.PROCESSING),
        "a day": Wanted(from_ms=begins, to_ms=ends),
        "a status on a day": Wanted(status=OrderStatus.PROCESSING, from_ms=begins, to_ms=ends),
        "a number": Wanted(text=order_number(f"order-{count // 2}")),
        "an e-mail address": Wanted(text=f"ada{count // 2}@example.com"),
        "a name that all have": Wanted(text="lovelace"),
        "two words, of which one is nobody's": Wanted(text="lovelace charles"),
        "nothing that there is": Wanted(text="QQQQQQQQQQ"),
    }


def medians_ms(*calls: Callable[[], object]) -> list[float]:
    """Return the milliseconds that each call takes, the median of some runs of all in turn."""
    took: list[list[float]] = [[] for _ in calls]
    for _ in range(RUNS):
        for call, mine in zip(calls, took, strict=True):
            begun = time.perf_counter()
            call()
            mine.append((time.perf_counter() - begun) * 1000)
    return [statistics.median(mine) for mine in took]


def test_a_page_of_ten_thousand_orders_reads_what_a_page_of_a_hundred_does(
    emulator: Connection, record: Record
) -> None:
    orders = ManyOrders(emulator.client("dynamodb"))
    figures: list[Figure] = []

    for count in SIZES:
        orders.fill(count)
        for question, wanted in questions(count).items():
            orders.reads.clear()
            page = orders.list.page(wanted, PAGE, None)
            read = f"{len(orders.reads.calls)} reads of {orders.reads.items} items"
            print(f"{count:>6} {question:<36} {read}, found {len(page.orders)}")
            assert len(orders.reads.calls) <= READS, question
            assert "Scan" not in orders.reads.calls
            assert orders.reads.items <= READ_ITEMS, question
            took, one_key = medians_ms(partial(orders.list.page, wanted, PAGE, None), orders.one_key)
            figures.append(Figure(f"{question}, of {count:,} orders", took, "a query of one key", one_key, "ms", LIMIT))

    record(*figures)

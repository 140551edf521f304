"""Many at once want the same units: inventory in threads, on the emulator's DynamoDB.

Every test has tables of its own, so that nothing else than its threads touches them.
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import boto3
import pytest
from botocore.config import Config

from bus.attribute_values import from_item
from bus.context import Context, use_context
from bus.optimistic_locking import RetryPolicy
from schemas.contract import Line, Money
from schemas.orders import OrderPlaced, OrderRefunded, UnsentUnits
from services.inventory.domain import HOLD_MILLISECONDS, OutOfStock, Reserved
from services.inventory.inventory_service import InventoryService
from services.inventory.store import EXPIRY_INDEX, InventoryStore
from services.inventory.sweeper import sweep
from tests.deadlines import DEADLINE_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

R = TypeVar("R")
NOON = 1_800_000_000_000
PRODUCT = "mug"
several_times = pytest.mark.parametrize("round_number", range(10))
"""For races of two or three: each of their interleavings has its chance."""


class Emulator(Protocol):
    """What a race needs to know of the emulator."""

    endpoint_url: str


@dataclass
class Race:
    """Fresh tables, and threads that start together."""

    dynamodb: "DynamoDBClient"
    stock_table: str
    reservations_table: str

    def inventory(self, now: int = NOON) -> InventoryService:
        """An inventory whose clock stands still; patient, for this machine may be busy with other tests."""
        store = InventoryStore(self.dynamodb, self.stock_table, self.reservations_table)
        return InventoryService(store, now=lambda: now, retry=RetryPolicy(seconds=30))

    def together(self, *deeds: Callable[[], R]) -> list[R]:
        """Run every deed in a thread of its own, all from one starting line on; return their answers."""
        line = threading.Barrier(len(deeds))

        def run(deed: Callable[[], R]) -> R:
            with use_context(Context.begin()):
                line.wait(timeout=DEADLINE_SECONDS)
                return deed()

        with ThreadPoolExecutor(len(deeds)) as pool:
            return list(pool.map(run, deeds))

    def stock(self, product_id: str = PRODUCT) -> dict[str, Any]:
        answer = self.dynamodb.get_item(TableName=self.stock_table, Key={"productId": {"S": product_id}})
        return from_item(answer["Item"])

    def state(self, reservation_id: str) -> str:
        key = {"reservationId": {"S": reservation_id}}
        return str(from_item(self.dynamodb.get_item(TableName=self.reservations_table, Key=key)["Item"])["state"])


@pytest.fixture
def race(emulator: Emulator) -> Iterator[Race]:
    client = boto3.client(
        "dynamodb",
        endpoint_url=emulator.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(max_pool_connections=64, retries={"mode": "standard", "total_max_attempts": 3}),
    )
    run = uuid.uuid4().hex[:8]
    race = Race(client, f"race-{run}-Stock", f"race-{run}-Reservations")
    client.create_table(
        TableName=race.stock_table,
        KeySchema=[{"AttributeName": "productId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "productId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.create_table(
        TableName=race.reservations_table,
        KeySchema=[{"AttributeName": "reservationId", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "reservationId", "AttributeType": "S"},
            {"AttributeName": "state", "AttributeType": "S"},
            {"AttributeName": "holdExpiresAt", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": EXPIRY_INDEX,
                "KeySchema": [
                    {"AttributeName": "state", "KeyType": "HASH"},
                    {"AttributeName": "holdExpiresAt", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["lines", "sequence"]},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    with use_context(Context.begin()):
        yield race
    client.delete_table(TableName=race.stock_table)
    client.delete_table(TableName=race.reservations_table)
    client.close()


def placed(order_id: str, **units: int) -> OrderPlaced:
    price = Money(amount=1000)
    return OrderPlaced(
        order_id=order_id,
        user_id="shopper",
        lines=[
            Line(product_id=name, name=name, quantity=quantity, unit_price=price) for name, quantity in units.items()
        ],
        subtotal=price,
        shipping=price,
        total=price,
        placed_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_fifty_want_one_of_ten_and_ten_get_it(race: Race) -> None:
    inventory = race.inventory()
    inventory.create_stock(PRODUCT, 10)

    answers = race.together(*(partial(inventory.reserve, f"order-{number}", {PRODUCT: 1}) for number in range(50)))

    assert sum(isinstance(answer, Reserved) for answer in answers) == 10
    refused = [answer for answer in answers if isinstance(answer, OutOfStock)]
    assert len(refused) == 40
    assert {line.available for answer in refused for line in answer.lines} == {0}
    stock = race.stock()
    assert (stock["onHand"], stock["available"], len(stock["holds"])) == (10, 0, 10)
    # The first stock and ten reservations: not one write too many.
    assert stock["sequence"] == 11


def test_fifty_with_carts_of_two_products_in_either_order_take_all_or_nothing(race: Race) -> None:
    inventory = race.inventory()
    inventory.create_stock("mug", 10)
    inventory.create_stock("pot", 7)
    carts = [{"mug": 1, "pot": 1}, {"pot": 1, "mug": 1}]

    answers = race.together(*(partial(inventory.reserve, f"order-{number}", carts[number % 2]) for number in range(50)))

    assert sum(isinstance(answer, Reserved) for answer in answers) == 7
    mug, pot = race.stock("mug"), race.stock("pot")
    assert (mug["available"], pot["available"]) == (3, 0)
    assert mug["holds"].keys() == pot["holds"].keys()


def test_the_same_reservation_from_ten_threads_is_one(race: Race) -> None:
    inventory = race.inventory()
    inventory.create_stock(PRODUCT, 10)

    answers = race.together(*[lambda: inventory.reserve("order", {PRODUCT: 4})] * 10)

    assert all(isinstance(answer, Reserved) for answer in answers)
    assert race.stock()["available"] == 6
    assert race.stock()["holds"]["order"]["quantity"] == 4


@several_times
def test_an_expired_unit_goes_to_one_of_two(race: Race, round_number: int) -> None:
    race.inventory().create_stock(PRODUCT, 1)
    race.inventory().reserve("idle", {PRODUCT: 1})
    later = race.inventory(NOON + HOLD_MILLISECONDS)

    anna, ben, _ = race.together(
        lambda: later.reserve("anna", {PRODUCT: 1}),
        lambda: later.reserve("ben", {PRODUCT: 1}),
        lambda: sweep(later),
    )

    assert isinstance(anna, Reserved) is not isinstance(ben, Reserved)
    assert race.stock()["available"] == 0
    assert race.stock()["holds"].keys() == ({"anna"} if isinstance(anna, Reserved) else {"ben"})


@several_times
def test_a_release_that_meets_the_placed_order_costs_it_nothing(race: Race, round_number: int) -> None:
    inventory = race.inventory()
    inventory.create_stock(PRODUCT, 1)
    inventory.reserve("order", {PRODUCT: 1})

    race.together(
        lambda: inventory.release("order"),
        lambda: inventory.commit(placed("order", mug=1)),
        lambda: inventory.commit(placed("order", mug=1)),
    )

    assert race.state("order") == "COMMITTED"
    stock = race.stock()
    assert (stock["onHand"], stock["available"], stock["holds"]) == (0, 0, {})


@several_times
def test_a_release_a_placed_order_and_another_shopper_never_sell_a_unit_twice(race: Race, round_number: int) -> None:
    inventory = race.inventory()
    inventory.create_stock(PRODUCT, 1)
    inventory.reserve("order", {PRODUCT: 1})

    *_, other = race.together(
        lambda: inventory.release("order"),
        lambda: inventory.commit(placed("order", mug=1)),
        lambda: inventory.reserve("other", {PRODUCT: 1}),
    )

    stock = race.stock()
    ended = (race.state("order"), isinstance(other, Reserved), stock["onHand"], stock["available"])
    assert ended in {("COMMITTED", False, 0, 0), ("SHORT", True, 1, 0)}


@several_times
def test_a_cancellation_that_meets_its_order_gives_all_units_back(race: Race, round_number: int) -> None:
    inventory = race.inventory()
    inventory.create_stock(PRODUCT, 1)
    inventory.reserve("order", {PRODUCT: 1})

    race.together(
        lambda: inventory.restock("order", {PRODUCT: 1}),
        lambda: inventory.restock("order", {PRODUCT: 1}),
        lambda: inventory.commit(placed("order", mug=1)),
    )

    assert race.state("order") == "RETURNED"
    stock = race.stock()
    assert (stock["onHand"], stock["available"], stock["holds"]) == (1, 1, {})


@several_times
def test_unsent_units_and_the_cancellation_of_the_rest_give_each_unit_back_once(race: Race, round_number: int) -> None:
    inventory = race.inventory()
    inventory.create_stock(PRODUCT, 3)
    inventory.reserve("order", {PRODUCT: 3})
    inventory.commit(placed("order", mug=3))
    free = Money(amount=0)
    refunded = OrderRefunded(
        order_id="order",
        user_id="ada",
        amount=free,
        refunded_total=free,
        fully_refunded=False,
        request_id="staff-1",
        unsent=[UnsentUnits(product_id=PRODUCT, quantity=1)],
        refunded_at=datetime.now(UTC),
    )

    race.together(
        lambda: inventory.keep_unsent(refunded),
        lambda: inventory.keep_unsent(refunded),
        lambda: inventory.restock("order", {PRODUCT: 3}),
    )

    assert race.state("order") == "RETURNED"
    assert race.stock()["onHand"] == 3


def test_as_many_products_as_a_transaction_takes_are_reserved_at_once(race: Race) -> None:
    inventory = race.inventory()
    wanted = {f"mug-{number}": 1 for number in range(99)}
    for product in wanted:
        inventory.create_stock(product, 1)

    answers = race.together(
        lambda: inventory.reserve("anna", wanted),
        lambda: inventory.reserve("ben", wanted),
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["OutOfStock", "Reserved"]
    holders = {holder for product in wanted for holder in race.stock(product)["holds"]}
    assert len(holders) == 1

"""Staff clicks at the same moment: the routes of orders in threads, on the emulator's DynamoDB.

Every test has a table of its own, so that nothing else than its threads touches it.
"""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import boto3
import pytest
from botocore.config import Config

from bus import http
from bus.context import Context, use_context
from bus.erased_users import ErasedUsers
from bus.optimistic_locking import RetryPolicy
from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from services.orders import api as routes
from services.orders.domain import Order
from services.orders.store import OrderStore
from tests.deadlines import DEADLINE_SECONDS
from tests.unit.order_search import create_order_search

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TOTAL = 5000
Answer = tuple[int, dict[str, Any]]


class Emulator(Protocol):
    """What a race needs to know of the emulator."""

    endpoint_url: str


class Desk:
    """One order, and staff at several screens.

    Parameters:
        store: the orders.
    """

    def __init__(self, store: OrderStore) -> None:
        self._store = store
        self.order_id = uuid.uuid4().hex
        command = PlaceOrder(
            order_id=self.order_id,
            user_id="ada",
            lines=[Line(product_id="lamp", name="Lamp", quantity=1, unit_price=Money(amount=TOTAL))],
            subtotal=Money(amount=TOTAL),
            shipping=Money(amount=0),
            total=Money(amount=TOTAL),
            shipping_address=ShippingAddress(
                name="Ada L.", line1="1 Analytical Way", city="London", postal_code="N1 9GU", country="GB"
            ),
            payment_intent_id="pi_1",
        )
        with use_context(Context.begin()):
            store.create(*Order.placed(command, datetime.now(UTC)))

    @property
    def order(self) -> Order:
        """The order as it is now."""
        order = self._store.find(self.order_id)
        assert order is not None
        return order

    def refund(self, key: str, **body: object) -> Answer:
        """Request a refund."""
        return self._call("refund", {"reason": "DAMAGED", **body}, key)

    def ship(self) -> Answer:
        """Send the parcel."""
        return self._call("ship", {"carrier": "Post", "trackingNumber": "T1"})

    def at_once(self, *clicks: Callable[[], Answer]) -> list[Answer]:
        """Click everything from one starting line on; return the answers."""
        line = threading.Barrier(len(clicks))

        def click(deed: Callable[[], Answer]) -> Answer:
            line.wait(timeout=DEADLINE_SECONDS)
            return deed()

        with ThreadPoolExecutor(len(clicks)) as pool:
            return list(pool.map(click, clicks))

    def _call(self, action: str, body: object, key: str | None = None) -> Answer:
        path = f"/api/orders/{self.order_id}/{action}"
        answer = routes.api(
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": "",
                "headers": {"content-type": "application/json", **({"idempotency-key": key} if key else {})},
                "requestContext": {
                    "http": {"method": "POST", "path": path},
                    "stage": "$default",
                    "requestId": "r",
                    "authorizer": {"jwt": {"claims": {"sub": "bob", "cognito:groups": "[staff]"}}},
                },
                "body": json.dumps(body),
                "isBase64Encoded": False,
            },
            None,
        )
        return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def dynamodb(emulator: Emulator) -> Iterator["DynamoDBClient"]:
    client = boto3.client(
        "dynamodb",
        endpoint_url=emulator.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(max_pool_connections=64, retries={"mode": "standard", "total_max_attempts": 3}),
    )
    yield client
    client.close()


@pytest.fixture
def desk(dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    run = uuid.uuid4().hex[:8]
    table, erased = f"race-{run}-Orders", f"race-{run}-ErasedUsers"
    dynamodb.create_table(
        TableName=erased,
        KeySchema=[{"AttributeName": "userId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "userId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}, {"AttributeName": "userId", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "orderId", "AttributeType": "S"},
            {"AttributeName": "userId", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    # Patient, for this machine may be busy with other tests.
    search = create_order_search(dynamodb, f"race-{run}-OrderSearch")
    store = OrderStore(dynamodb, table, lambda: search, lambda: ErasedUsers(dynamodb, erased), RetryPolicy(seconds=30))
    monkeypatch.setattr(http, "erased_users", lambda: ErasedUsers(dynamodb, erased))
    monkeypatch.setattr(routes, "store", lambda: store)
    yield Desk(store)
    dynamodb.delete_table(TableName=table)
    dynamodb.delete_table(TableName=erased)
    dynamodb.delete_table(TableName=f"race-{run}-OrderSearch")


def test_refunds_at_once_are_together_no_more_than_the_payment(desk: Desk) -> None:
    amount = {"amount": 2000, "currency": "USD"}

    answers = desk.at_once(*(lambda key=f"key-{n}": desk.refund(key, amount=amount) for n in range(8)))

    assert sorted(status for status, _ in answers) == [202, 202, *[409] * 6]
    assert (desk.order.refunds_under_way.amount, desk.order.refundable.amount) == (4000, 1000)
    assert {body["code"] for status, body in answers if status == 409} == {"NOT_REFUNDABLE"}


def test_one_click_that_arrives_several_times_at_once_is_one_refund(desk: Desk) -> None:
    amount = {"amount": 1000, "currency": "USD"}

    answers = desk.at_once(*(lambda: desk.refund("one-click", amount=amount) for _ in range(8)))

    assert answers == [(202, {"orderId": desk.order_id, "status": "PROCESSING"})] * 8
    assert desk.order.refunds_under_way.amount == 1000


def test_one_key_with_two_amounts_at_once_is_the_refund_of_one_of_them(desk: Desk) -> None:
    answers = desk.at_once(
        *(
            lambda amount=amount: desk.refund("key", amount={"amount": amount, "currency": "USD"})
            for amount in (100, 200)
        )
    )

    assert sorted(status for status, _ in answers) == [202, 422]
    assert desk.order.refunds_under_way.amount in (100, 200)


@pytest.mark.parametrize("round_number", range(12))
def test_of_a_full_refund_and_a_shipment_at_once_exactly_one_is_done(desk: Desk, round_number: int) -> None:
    refunded, shipped = desk.at_once(lambda: desk.refund("key"), desk.ship)

    after = desk.order
    assert sorted([refunded[0], shipped[0]]) == [202, 409]
    if shipped[0] == 202:
        assert refunded[1]["code"] == "WRONG_STATUS"
        assert (after.status, after.refundable.amount) == ("SHIPPED", TOTAL)
    else:
        assert shipped[1]["code"] == "NOTHING_PAID"
        assert (after.status, after.refundable.amount) == ("PROCESSING", 0)

"""Withdrawals of one order at the same moment, and staff who receive it together: the handlers in threads.

Every test has tables of its own, so that nothing else than its threads touches them.
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

from bus.context import Context, use_context
from bus.optimistic_locking import RetryPolicy
from schemas.commands import ReturnableOrder
from schemas.contract import Line, Money
from services.returns import settlement
from services.returns.domain import CameBack, Return, Units, Withdrawal
from services.returns.store import ReturnsStore
from tests.deadlines import DEADLINE_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOW = datetime.now(UTC)
ORDER = ReturnableOrder(
    order_id="order-1",
    user_id="ada",
    order_number="2A3C4D5E6F",
    lines=[Line(product_id="lamp", name="Lamp", quantity=3, unit_price=Money(amount=2000))],
    shipping=Money(amount=599),
    total=Money(amount=6599),
    is_cancelled=False,
    placed_at=NOW,
    delivered_at=NOW,
)


class Emulator(Protocol):
    """What a race needs to know of the emulator."""

    endpoint_url: str


class Orders:
    """What orders answers: the order was sent, so nothing is cancelled."""

    def of_shopper(self, _user_id: str, _order_name: str) -> ReturnableOrder:
        return ORDER

    def withdraw(self, _arn: str, order: ReturnableOrder) -> ReturnableOrder:
        return order


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
def store(dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch) -> Iterator[ReturnsStore]:
    run = uuid.uuid4().hex[:8]
    returns, withdrawals = f"race-{run}-Returns", f"race-{run}-Withdrawals"
    for table, key in ((returns, "returnId"), (withdrawals, "withdrawalId")):
        dynamodb.create_table(
            TableName=table,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    # Patient, for this machine may be busy with other tests.
    store = ReturnsStore(dynamodb, returns, withdrawals, retry=RetryPolicy(seconds=30))
    monkeypatch.setattr(settlement, "store", lambda: store)
    monkeypatch.setattr(settlement, "orders", Orders)
    monkeypatch.setattr(settlement, "withdraw_arn", lambda: "the-command")
    yield store
    for table in (returns, withdrawals):
        dynamodb.delete_table(TableName=table)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do everything from one starting line on; return the results."""
    line = threading.Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        with use_context(Context.begin()):
            line.wait(timeout=DEADLINE_SECONDS)
            return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def declared(store: ReturnsStore, name: str, units: int | None) -> str:
    wanted = None if units is None else [Units(product_id="lamp", quantity=units)]
    store.declare(Withdrawal(withdrawal_id=name, stated_at=NOW, order_id="order-1", user_id="ada", units=wanted))
    return name


def settle(name: str) -> None:
    """Settle a withdrawal as its queue does: again, until it is done."""
    given = {"withdrawalId": name, "confirmedAt": NOW.isoformat()}
    message = json.dumps({"context": {"correlationId": name}, "input": given})
    batch = {"Records": [{"messageId": "m", "body": message}]}
    while settlement.handler(batch, None)["batchItemFailures"]:
        pass


def test_withdrawals_at_once_never_share_a_unit(store: ReturnsStore) -> None:
    names = [declared(store, f"w-{number}", units=1) for number in range(8)]

    at_once(*((lambda name=name: settle(name)) for name in names))

    returns = store.of_order("order-1")
    assert [line.quantity for each in returns for line in each.lines] == [1, 1, 1]
    outcomes = [withdrawal.outcome for name in names if (withdrawal := store.withdrawal(name))]
    assert sorted(map(str, outcomes)) == [*["NOTHING_LEFT"] * 5, *["RETURN_OPENED"] * 3]


def test_a_withdrawal_that_is_delivered_several_times_at_once_opens_one_return(store: ReturnsStore) -> None:
    name = declared(store, "w-1", units=None)

    at_once(*([lambda: settle(name)] * 6))

    assert len(store.of_order("order-1")) == 1


def test_of_two_returns_that_are_received_at_once_one_has_the_delivery(store: ReturnsStore) -> None:
    for number in range(3):
        settle(declared(store, f"w-{number}", units=1))
    goods = [CameBack(product_id="lamp", restock=1)]

    def receive(returned: Return) -> Callable[[], Return | None]:
        return lambda: store.update(
            returned.return_id, lambda each, others: each.came_back(goods, others, "grace", datetime.now(UTC))
        )

    received = at_once(*(receive(each) for each in store.of_order("order-1")))

    assert sorted(each.refund.amount for each in received) == [2000, 2000, 2599]

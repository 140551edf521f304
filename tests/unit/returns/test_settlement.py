"""Confirmed withdrawals: each is settled once, with one receipt, whatever is delivered twice or does not answer."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bus.attribute_values import from_item
from bus.outbox import envelope_for
from schemas.commands import ReturnableOrder
from schemas.identity import UserDeleted
from services.returns import events, settlement
from services.returns.domain import Units, Withdrawal
from services.returns.store import ReturnsStore
from tests.unit.returns.conftest import NOW, an_order, raised

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

LATER = datetime(2026, 3, 9, 9, tzinfo=UTC)
DONE: dict[str, Any] = {"batchItemFailures": []}
AGAIN = {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


class Orders:
    """The commands of orders."""

    def __init__(self) -> None:
        self.order = an_order()
        self.sent = True
        self.fails = False

    def of_shopper(self, user_id: str, name: str) -> ReturnableOrder | None:
        if self.fails:
            raise TimeoutError
        mine = user_id == self.order.user_id and name in (self.order.order_id, self.order.order_number)
        return self.order if mine else None

    def withdraw(self, _arn: str, order: ReturnableOrder) -> ReturnableOrder:
        if not self.sent:
            self.order = an_order(is_cancelled=True)
        return self.order


class Shoppers:
    def find(self, email: str) -> str | None:
        return {"ada@example.com": "ada", "eve@example.com": "eve"}.get(email)


@pytest.fixture
def orders() -> Orders:
    return Orders()


@pytest.fixture(autouse=True)
def function(monkeypatch: pytest.MonkeyPatch, store: ReturnsStore, orders: Orders) -> None:
    monkeypatch.setattr(settlement, "store", lambda: store)
    monkeypatch.setattr(settlement, "orders", lambda: orders)
    monkeypatch.setattr(settlement, "shoppers", Shoppers)
    monkeypatch.setattr(settlement, "withdraw_arn", lambda: "the-command")


def declared(store: ReturnsStore, withdrawal_id: str = "w-1", **fields: Any) -> str:
    named = fields or {"order_name": "2A3C4D5E6F", "email": "ada@example.com"}
    store.declare(Withdrawal(withdrawal_id=withdrawal_id, stated_at=NOW, **named))
    return withdrawal_id


def settle(withdrawal_id: str, at: datetime = NOW) -> Any:
    body = Withdrawal(withdrawal_id=withdrawal_id, stated_at=at).model_dump(mode="json")
    given = {"withdrawalId": withdrawal_id, "confirmedAt": body["statedAt"]}
    message = json.dumps({"context": {"correlationId": "request"}, "input": given})
    return settlement.handler({"Records": [{"messageId": "m-1", "body": message}]}, None)


def stored(dynamodb: "DynamoDBClient", table: str) -> list[dict[str, Any]]:
    return [from_item(item) for item in dynamodb.scan(TableName=table)["Items"]]


def test_a_confirmed_withdrawal_opens_a_return_and_raises_its_receipt(
    store: ReturnsStore, dynamodb: "DynamoDBClient"
) -> None:
    declared(store)

    assert settle("w-1") == DONE

    (returned,) = store.of_order("order-1")
    assert (returned.status, returned.reason, returned.requested_at) == ("REQUESTED", "WITHDRAWN", NOW)
    assert raised(dynamodb, "Withdrawals") == ["WithdrawalReceived"]
    (withdrawal,) = stored(dynamodb, "Withdrawals")
    assert withdrawal["outcome"] == "RETURN_OPENED"
    assert withdrawal["returnId"] == returned.return_id


def test_what_was_typed_is_not_kept_once_the_order_is_known(store: ReturnsStore, dynamodb: "DynamoDBClient") -> None:
    settle(declared(store))

    (withdrawal,) = stored(dynamodb, "Withdrawals")
    assert "example.com" not in str(withdrawal)
    assert "orderName" not in withdrawal


def test_what_was_typed_expires_where_a_withdrawal_is_not_settled_and_a_settled_one_stays(
    store: ReturnsStore, dynamodb: "DynamoDBClient"
) -> None:
    store.confirm(declared(store), NOW)

    (waiting,) = stored(dynamodb, "Withdrawals")
    # A dead letter is kept for 14 days.
    left = waiting["expiresAt"] - time.time()
    assert 14 < left / (24 * 3600) <= 30

    settle("w-1")
    assert "expiresAt" not in stored(dynamodb, "Withdrawals")[0]


def test_a_second_delivery_changes_nothing(store: ReturnsStore, dynamodb: "DynamoDBClient") -> None:
    settle(declared(store))
    before = stored(dynamodb, "Withdrawals") + stored(dynamodb, "Returns")

    assert settle("w-1", LATER) == DONE

    assert stored(dynamodb, "Withdrawals") + stored(dynamodb, "Returns") == before


def test_what_was_not_sent_is_cancelled(store: ReturnsStore, orders: Orders, dynamodb: "DynamoDBClient") -> None:
    orders.order, orders.sent = an_order(delivered_at=None), False

    settle(declared(store))

    assert store.of_order("order-1") == []
    assert stored(dynamodb, "Withdrawals")[0]["outcome"] == "CANCELLED"
    assert raised(dynamodb, "Withdrawals") == ["WithdrawalReceived"]


def test_a_part_of_what_was_not_sent_is_a_return_and_cancels_nothing(store: ReturnsStore, orders: Orders) -> None:
    orders.order, orders.sent = an_order(delivered_at=None), False

    settle(declared(store, order_id="order-1", user_id="ada", units=[Units(product_id="cup", quantity=1)]))

    (returned,) = store.of_order("order-1")
    assert [(line.product_id, line.quantity) for line in returned.lines] == [("cup", 1)]


@pytest.mark.parametrize(
    ("order_name", "email", "account"),
    [
        ("2A3C4D5E6F", "eve@example.com", "eve"),
        ("2A3C4D5E6F", "nobody@example.com", None),
        ("order-9", "ada@example.com", "ada"),
    ],
)
def test_a_withdrawal_that_names_no_order_raises_nothing_and_waits_for_staff_as_it_was_typed(
    store: ReturnsStore,
    dynamodb: "DynamoDBClient",
    capsys: pytest.CaptureFixture[str],
    order_name: str,
    email: str,
    account: str | None,
) -> None:
    declared(store, order_name=order_name, email=email)
    for _ in range(2):
        assert settle("w-1") == DONE

    assert raised(dynamodb, "Withdrawals") == []
    assert stored(dynamodb, "Returns") == []
    (waiting,), following = store.list_unmatched(10, None)
    assert (waiting.outcome, waiting.order_name, waiting.email, waiting.user_id, waiting.confirmed_at) == (
        *("UNMATCHED", order_name, email, account, NOW),
    )
    assert following is None
    assert capsys.readouterr().out.count('"WithdrawalsUnmatched": 1') == 1


def test_withdrawals_that_wait_are_listed_page_by_page_newest_first_until_staff_has_answered(
    store: ReturnsStore, dynamodb: "DynamoDBClient"
) -> None:
    settle(declared(store, "of-an-order"))
    for number in range(3):
        declared(store, f"w-{number}", order_name="order-9", email="ada@example.com")
        settle(f"w-{number}", NOW + timedelta(hours=number))

    first, cursor = store.list_unmatched(2, None)
    second, end = store.list_unmatched(2, cursor)

    assert [each.withdrawal_id for each in first + second] == ["w-2", "w-1", "w-0"]
    assert end is None
    assert store.close_unmatched("w-1", "grace", LATER)
    assert [each.withdrawal_id for each in store.list_unmatched(9, None)[0]] == ["w-2", "w-0"]
    closed = store.withdrawal("w-1")
    assert closed is not None
    assert (closed.closed_by, closed.closed_at, closed.email, closed.order_name) == ("grace", LATER, None, None)
    for other in ("w-1", "of-an-order", "w-9"):
        assert not store.close_unmatched(other, "bob", LATER)


def test_what_an_erased_shopper_has_typed_is_forgotten(
    store: ReturnsStore, dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "store", lambda: store)
    settle(declared(store, "of-an-order"))
    settle(declared(store, "of-none", order_name="order-9", email="ada@example.com"))
    settle(declared(store, "of-eve", order_name="order-9", email="eve@example.com"))
    erased = UserDeleted(user_id="ada", deleted_at=LATER)
    subscription = events.consumer.subscriptions[erased.source(), erased.detail_type()]

    for _ in range(2):
        subscription.handler(envelope_for(erased, sequence=1))

    assert "ada@example.com" not in str(stored(dynamodb, "Withdrawals"))
    assert [each.withdrawal_id for each in store.list_unmatched(9, None)[0]] == ["of-eve"]


def test_a_withdrawal_waits_for_orders_and_keeps_its_moment(store: ReturnsStore, orders: Orders) -> None:
    declared(store)
    orders.fails = True
    assert settle("w-1") == AGAIN

    orders.fails = False
    assert settle("w-1", LATER) == DONE

    (returned,) = store.of_order("order-1")
    assert returned.requested_at == NOW


def test_two_withdrawals_of_one_order_share_its_units(store: ReturnsStore, dynamodb: "DynamoDBClient") -> None:
    settle(declared(store, "w-1", order_id="order-1", user_id="ada", units=[Units(product_id="lamp", quantity=2)]))
    settle(declared(store, "w-2", order_id="order-1", user_id="ada"))
    settle(declared(store, "w-3", order_id="order-1", user_id="ada"))

    assert [[line.product_id for line in each.lines] for each in store.of_order("order-1")] == [["lamp"], ["cup"]]
    assert raised(dynamodb, "Withdrawals") == ["WithdrawalReceived"] * 3


def test_a_withdrawal_that_is_gone_is_not_settled(dynamodb: "DynamoDBClient") -> None:
    assert settle("w-9") == DONE
    assert stored(dynamodb, "Withdrawals") == []

"""What nobody asks for again ends: the money that is owed comes back, and nothing stays held."""

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from services.checkout.compensation import CompensationSettings, Compensator
from services.checkout.domain import (
    ABANDONED,
    ABANDONED_AFTER_SECONDS,
    RUN_SECONDS,
    UNDECIDED,
    CartHold,
    Checkout,
    CheckoutOutcome,
    CheckoutStatus,
    Quote,
)
from services.checkout.order_queue import OrderQueue, OrderQueueSettings
from services.checkout.store import CheckoutStore
from services.checkout.sweeper import Sweeper
from tests.unit.checkout.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from tests.unit.checkout.conftest import Clock


class Others:
    """Payment and inventory, of which payment may be away for some orders."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.refused: set[str] = set()
        self.refunds: list[str] = []
        self.releases: list[str] = []
        self.orders: list[dict[str, Any]] = []

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, object]:  # noqa: N803 - boto3's names
        given = json.loads(Payload)["input"]
        order_id = given.get("orderId")
        if FunctionName != "refund":
            self.releases.append(given["reservationId"])
            return {"Payload": io.BytesIO(b'{"outcome": "RELEASED"}')}
        if order_id in self.away:
            return {"Payload": io.BytesIO(b"{}"), "FunctionError": "Unhandled"}
        self.refunds.append(order_id)
        answer = {"outcome": "REFUSED", "message": "Disputed."} if order_id in self.refused else {"outcome": "REFUNDED"}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803
        assert QueueUrl == "orders"
        self.orders.append(json.loads(MessageBody)["input"])


@pytest.fixture
def others() -> Others:
    return Others()


@pytest.fixture
def sweeper(store: CheckoutStore, others: Others) -> Sweeper:
    commands = CompensationSettings.model_construct(refund_arn="refund", release_arn="release")
    queue = OrderQueueSettings.model_construct(order_queue_url="orders")
    return Sweeper(
        store,
        Compensator(store, others, commands),  # type: ignore[arg-type]
        OrderQueue(others, queue),  # type: ignore[arg-type]
    )


@pytest.fixture
def stuck(store: CheckoutStore, checkout: Checkout, clock: "Clock") -> list[str]:
    for order_id in ("first", "second"):
        store.create(checkout.model_copy(update={"order_id": order_id}))
        store.decide(order_id, CheckoutStatus.COMPENSATING, UNDECIDED)
        clock.now += 1
    return ["first", "second"]


def status_of(store: CheckoutStore, order_id: str) -> CheckoutStatus:
    found = store.get(order_id)
    assert found is not None
    return found.status


def test_money_that_a_dead_run_owes_goes_back(
    store: CheckoutStore, sweeper: Sweeper, others: Others, stuck: list[str], clock: "Clock"
) -> None:
    assert sweeper.sweep() == 0

    clock.now += RUN_SECONDS

    assert sweeper.sweep() == 2
    assert others.refunds == stuck
    assert {status_of(store, order_id) for order_id in stuck} == {CheckoutStatus.FAILED}
    assert sweeper.sweep() == 0


def test_one_that_cannot_be_given_back_now_is_tried_again_and_does_not_hold_up_the_others(
    store: CheckoutStore, sweeper: Sweeper, others: Others, stuck: list[str], clock: "Clock"
) -> None:
    clock.now += RUN_SECONDS
    others.away = {"first"}
    with pytest.raises(RuntimeError, match="1 checkouts"):
        sweeper.sweep()
    assert [status_of(store, order_id) for order_id in stuck] == [CheckoutStatus.COMPENSATING, CheckoutStatus.FAILED]

    others.away.clear()
    clock.now += RUN_SECONDS

    assert sweeper.sweep() == 1
    assert status_of(store, "first") is CheckoutStatus.FAILED


def test_money_that_will_never_go_back_is_told_of_and_not_asked_for_again(
    store: CheckoutStore, sweeper: Sweeper, others: Others, stuck: list[str], clock: "Clock"
) -> None:
    clock.now += RUN_SECONDS
    others.refused = {"first"}
    with pytest.raises(RuntimeError):
        sweeper.sweep()

    assert {status_of(store, order_id) for order_id in stuck} == {CheckoutStatus.FAILED}


def test_who_waits_or_has_ended_owes_nothing(
    store: CheckoutStore, sweeper: Sweeper, checkout: Checkout, clock: "Clock"
) -> None:
    store.create(checkout)
    store.finish(checkout, CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret"))
    clock.now += 10 * RUN_SECONDS

    assert sweeper.sweep() == 0
    assert status_of(store, checkout.order_id) is CheckoutStatus.REQUIRES_ACTION


def item_of(dynamodb: "DynamoDBClient", order_id: str) -> dict[str, Any]:
    return dynamodb.get_item(TableName=TABLE, Key={"orderId": {"S": order_id}}).get("Item", {})


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(CheckoutStatus.RUNNING, CheckoutOutcome(outcome="FAULT")), (CheckoutStatus.REQUIRES_ACTION, ABANDONED)],
)
def test_a_checkout_that_nobody_asks_for_again_ends_and_releases_all(
    store: CheckoutStore,
    sweeper: Sweeper,
    others: Others,
    checkout: Checkout,
    quote: Quote,
    clock: "Clock",
    dynamodb: "DynamoDBClient",
    status: CheckoutStatus,
    outcome: CheckoutOutcome,
) -> None:
    store.create(checkout)
    store.claim_cart(checkout.order_id, "ada", quote, over=None)
    if status is CheckoutStatus.REQUIRES_ACTION:
        store.finish(checkout, CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret"))

    clock.now += RUN_SECONDS + ABANDONED_AFTER_SECONDS - 1
    assert sweeper.sweep() == 0
    assert status_of(store, checkout.order_id) is status

    clock.now += 1
    assert sweeper.sweep() == 1

    ended = store.get(checkout.order_id)
    assert ended is not None
    assert (ended.status, ended.outcome, ended.request) == (CheckoutStatus.FAILED, outcome, None)
    assert (others.refunds, others.releases) == ([checkout.order_id], [checkout.order_id])
    assert ended.cart_hold_at(clock.now) is CartHold.RELEASED
    item = item_of(dynamodb, checkout.order_id)
    assert item.keys().isdisjoint({"request", "open", "compensatingSince"})
    (entry,) = json.loads(item["outbox"]["S"])
    assert entry["detailType"] == "CheckoutFailed"
    failed = json.loads(entry["detail"])["data"]
    assert (failed["message"], failed["answered"]) == (outcome.sentence, False), "the shopper gets an e-mail"
    assert sweeper.sweep() == 0


def test_a_fault_gives_the_shopper_as_long_to_try_again(
    store: CheckoutStore, sweeper: Sweeper, checkout: Checkout, clock: "Clock"
) -> None:
    store.create(checkout)
    store.release_lease(checkout.order_id)

    clock.now += ABANDONED_AFTER_SECONDS - 1
    assert sweeper.sweep() == 0

    clock.now += 1
    assert sweeper.sweep() == 1


def test_a_checkout_that_its_shopper_continues_is_left_alone(
    store: CheckoutStore, sweeper: Sweeper, others: Others, checkout: Checkout, clock: "Clock"
) -> None:
    store.create(checkout)
    store.finish(checkout, CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret"))
    clock.now += RUN_SECONDS + ABANDONED_AFTER_SECONDS - 1
    waiting = store.get(checkout.order_id)
    assert waiting is not None
    assert store.acquire_lease(waiting)
    clock.now += 2

    assert sweeper.sweep() == 0
    assert others.refunds == []


def test_a_shopper_who_continues_at_that_moment_is_left_alone(
    store: CheckoutStore,
    sweeper: Sweeper,
    others: Others,
    checkout: Checkout,
    clock: "Clock",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.create(checkout)
    clock.now += RUN_SECONDS + ABANDONED_AFTER_SECONDS
    supersede = store.supersede

    def overtaken(seen: Checkout) -> bool:
        assert store.acquire_lease(seen)
        return supersede(seen)

    monkeypatch.setattr(store, "supersede", overtaken)

    assert sweeper.sweep() == 0
    assert others.refunds == []
    assert status_of(store, checkout.order_id) is CheckoutStatus.RUNNING


def test_one_whose_payment_does_not_answer_is_ended_by_a_later_run(
    store: CheckoutStore, sweeper: Sweeper, others: Others, checkout: Checkout, clock: "Clock"
) -> None:
    store.create(checkout)
    clock.now += RUN_SECONDS + ABANDONED_AFTER_SECONDS
    others.away = {checkout.order_id}
    with pytest.raises(RuntimeError, match="1 checkouts"):
        sweeper.sweep()

    others.away.clear()
    clock.now += RUN_SECONDS

    assert sweeper.sweep() == 1
    assert status_of(store, checkout.order_id) is CheckoutStatus.FAILED


def test_an_abandoned_checkout_without_a_quote_is_deleted_with_its_address(
    store: CheckoutStore,
    sweeper: Sweeper,
    others: Others,
    checkout: Checkout,
    clock: "Clock",
    dynamodb: "DynamoDBClient",
) -> None:
    store.create(checkout.model_copy(update={"quote": None}))
    clock.now += RUN_SECONDS + ABANDONED_AFTER_SECONDS

    assert sweeper.sweep() == 1

    assert item_of(dynamodb, checkout.order_id) == {}
    assert others.refunds == []


def test_an_order_that_was_decided_on_and_never_sent_is_sent(
    store: CheckoutStore, sweeper: Sweeper, others: Others, checkout: Checkout, clock: "Clock"
) -> None:
    store.create(checkout)
    store.decide(checkout.order_id, CheckoutStatus.COMPLETING, UNDECIDED, "pi_1")
    clock.now += RUN_SECONDS + ABANDONED_AFTER_SECONDS

    assert sweeper.sweep() == 1

    assert [(order["orderId"], order["paymentIntentId"]) for order in others.orders] == [(checkout.order_id, "pi_1")]
    ended = store.get(checkout.order_id)
    assert ended is not None
    assert (ended.status, ended.request, others.refunds) == (CheckoutStatus.COMPLETED, None, [])
    assert sweeper.sweep() == 0

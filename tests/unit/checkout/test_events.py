"""Money back or an order: what the payment's event does to a checkout in each of its states."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from bus.context import Context, use_context
from bus.outbox import envelope_for
from schemas.contract import Money
from schemas.event import Event
from schemas.identity import UserDeleted
from schemas.payment import PaymentSucceeded
from services.checkout import events
from services.checkout.compensation import CompensationSettings, Compensator
from services.checkout.domain import UNDECIDED, Checkout, CheckoutOutcome, CheckoutStatus, Quote
from services.checkout.order_queue import OrderQueue, OrderQueueSettings
from services.checkout.recovery import Recovery, RecoverySettings
from services.checkout.store import CheckoutStore
from tests.rejections import record_rejections

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_sqs.client import SQSClient

Deliver = Callable[..., list[str]]
ERASURE = UserDeleted(user_id="ada", deleted_at=datetime(2026, 3, 1, tzinfo=UTC))


class Others:
    """The commands of inventory and payment, and the order queue."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {
            "confirm": {"outcome": "PAID", "paymentIntentId": "pi_1", "eventId": "event-1"},
            "reserve": {"outcome": "RESERVED"},
            "release": {"outcome": "RELEASED"},
            "refund": {"outcome": "REFUNDED"},
        }
        self.called: list[str] = []
        self.orders: list[dict[str, Any]] = []

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert json.loads(Payload)["context"]["correlationId"] == "the-request"
        self.called.append(FunctionName)
        return {"Payload": io.BytesIO(json.dumps(self.answers[FunctionName]).encode())}

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803
        assert QueueUrl == "orders"
        self.orders.append(json.loads(MessageBody))


def paid_for(checkout: Checkout, **differs: Any) -> PaymentSucceeded:
    """Return the event of the payment of a checkout, with other values where they are given."""
    payment = PaymentSucceeded(
        order_id=checkout.order_id, user_id="ada", payment_intent_id="pi_1", amount=checkout.open_request.expected_total
    )
    return payment.model_copy(update=differs)


@pytest.fixture
def others() -> Others:
    return Others()


@pytest.fixture
def deliver(store: CheckoutStore, checkout: Checkout, others: Others, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    compensation = Compensator(
        store,
        cast("LambdaClient", others),
        CompensationSettings.model_construct(refund_arn="refund", release_arn="release"),
    )
    recovery = Recovery(
        store,
        compensation,
        OrderQueue(cast("SQSClient", others), OrderQueueSettings.model_construct(order_queue_url="orders")),
        cast("LambdaClient", others),
        RecoverySettings.model_construct(confirm_arn="confirm", reserve_arn="reserve"),
    )
    monkeypatch.setattr(events, "store", lambda: store)
    monkeypatch.setattr(events, "recovery", lambda: recovery)
    store.create(checkout)
    paid = paid_for(checkout)

    def deliver(event: Event = paid, **message: str) -> list[str]:
        with use_context(Context(correlation_id="the-request")):
            detail = json.loads(envelope_for(event, sequence=2).to_json())
        body = {"source": event.source(), "detail-type": event.detail_type(), "detail": detail, **message}
        answer = events.consumer({"Records": [{"messageId": "m", "body": json.dumps(body)}]}, None)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    return deliver


@pytest.fixture(autouse=True)
def rejections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the reasons with which events went to quarantine."""
    return record_rejections(events.consumer, monkeypatch)


def status_of(store: CheckoutStore, checkout: Checkout) -> CheckoutStatus:
    found = store.get(checkout.order_id)
    assert found is not None
    return found.status


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (CheckoutStatus.RUNNING, ["confirm", "reserve"]),
        (CheckoutStatus.REQUIRES_ACTION, ["confirm", "reserve"]),
        (CheckoutStatus.COMPLETING, []),
    ],
)
def test_a_paid_checkout_that_nobody_ended_becomes_an_order(
    deliver: Deliver, others: Others, store: CheckoutStore, checkout: Checkout, status: CheckoutStatus, asked: list[str]
) -> None:
    store.decide(checkout.order_id, status, UNDECIDED)
    # What is decided on is an order, whatever became of its units.
    others.answers["reserve"] = {"outcome": "RESERVED" if asked else "OUT_OF_STOCK"}

    assert deliver() == []

    assert others.called == asked
    assert [(order["input"]["orderId"], order["input"]["paymentIntentId"]) for order in others.orders] == [
        (checkout.order_id, "pi_1")
    ]
    assert status_of(store, checkout) is CheckoutStatus.COMPLETED


def test_a_checkout_that_is_completed_is_left_alone(
    deliver: Deliver, others: Others, store: CheckoutStore, checkout: Checkout
) -> None:
    store.finish(checkout, CheckoutOutcome(outcome="CONFIRMED"))

    assert deliver() == []
    assert (others.called, others.orders) == ([], [])


@pytest.mark.parametrize("status", [*CheckoutStatus])
@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"amount": Money(amount=1)}, "costs 5499 USD, and the payment is 1 USD (minor units)"),
        ({"amount": Money(amount=5499, currency="JPY")}, "costs 5499 USD, and the payment is 5499 JPY (minor units)"),
        ({"user_id": "ben"}, "is another shopper's"),
    ],
    ids=["amount", "currency", "shopper"],
)
def test_a_payment_that_is_not_the_checkouts_moves_nothing(
    deliver: Deliver,
    others: Others,
    store: CheckoutStore,
    checkout: Checkout,
    rejections: list[str],
    status: CheckoutStatus,
    differs: dict[str, Any],
    reason: str,
) -> None:
    if status in (CheckoutStatus.COMPLETED, CheckoutStatus.FAILED):
        ended = "CONFIRMED" if status is CheckoutStatus.COMPLETED else "FAULT"
        store.finish(checkout, CheckoutOutcome(outcome=ended))
    else:
        store.decide(checkout.order_id, status, UNDECIDED)

    assert deliver(paid_for(checkout, **differs)) == []

    assert rejections == [f"checkout {checkout.order_id} {reason}"]
    assert (others.called, others.orders) == ([], [])
    assert status_of(store, checkout) is status


@pytest.mark.parametrize("status", [CheckoutStatus.RUNNING, CheckoutStatus.REQUIRES_ACTION])
@pytest.mark.parametrize(
    "known",
    [
        {"outcome": "NO_PAYMENT"},
        {"outcome": "REQUIRES_ACTION", "paymentIntentId": "pi_1", "clientSecret": "secret"},
        {"outcome": "DECLINED", "declineCode": "generic_decline", "message": "No."},
        {"outcome": "PAID", "paymentIntentId": "pi_2", "eventId": "event-2"},
    ],
    ids=lambda known: str(known["outcome"]),
)
def test_a_payment_that_the_payment_service_has_not_taken_places_no_order(
    deliver: Deliver,
    others: Others,
    store: CheckoutStore,
    checkout: Checkout,
    rejections: list[str],
    status: CheckoutStatus,
    known: dict[str, str],
) -> None:
    store.decide(checkout.order_id, status, UNDECIDED)
    others.answers["confirm"] = known

    assert deliver() == []

    assert rejections == [f"payment has not charged pi_1 for checkout {checkout.order_id}"]
    assert (others.called, others.orders) == (["confirm"], [])
    assert status_of(store, checkout) is status


@pytest.mark.parametrize("status", [CheckoutStatus.COMPLETING, CheckoutStatus.COMPENSATING])
def test_a_payment_by_another_intent_than_the_recorded_one_moves_nothing(
    deliver: Deliver,
    others: Others,
    store: CheckoutStore,
    checkout: Checkout,
    rejections: list[str],
    status: CheckoutStatus,
) -> None:
    store.decide(checkout.order_id, status, UNDECIDED, "pi_2")

    assert deliver() == []

    assert rejections == [f"checkout {checkout.order_id} was paid by another intent"]
    assert (others.called, others.orders) == ([], [])


def test_a_payment_of_no_checkout_moves_nothing(
    deliver: Deliver, others: Others, checkout: Checkout, rejections: list[str]
) -> None:
    assert deliver(paid_for(checkout, order_id="of-nobody")) == []

    assert rejections == ["there is no checkout of-nobody"]
    assert (others.called, others.orders) == ([], [])


def test_a_payment_of_a_checkout_that_quoted_nothing_moves_nothing(
    deliver: Deliver, others: Others, store: CheckoutStore, checkout: Checkout, rejections: list[str]
) -> None:
    unquoted = checkout.model_copy(update={"order_id": "unquoted", "quote": None})
    store.create(unquoted)

    assert deliver(paid_for(unquoted)) == []

    assert rejections == ["checkout unquoted has no quote, so nothing was charged"]
    assert (others.called, others.orders) == ([], [])


def test_where_the_units_are_gone_the_money_goes_back(
    deliver: Deliver, others: Others, store: CheckoutStore, checkout: Checkout
) -> None:
    others.answers["reserve"] = {"outcome": "OUT_OF_STOCK", "lines": []}

    assert deliver() == []

    assert (others.called, others.orders) == (["confirm", "reserve", "refund", "release"], [])
    assert status_of(store, checkout) is CheckoutStatus.FAILED


@pytest.mark.parametrize("decided", [True, False])
def test_late_money_of_a_failed_checkout_goes_back(
    deliver: Deliver, others: Others, store: CheckoutStore, checkout: Checkout, decided: bool
) -> None:
    if decided:
        store.finish(checkout, CheckoutOutcome(outcome="DECLINED"))
    else:
        store.decide(checkout.order_id, CheckoutStatus.COMPENSATING, UNDECIDED)

    assert deliver() == []

    assert (others.called, others.orders) == (["refund", "release"], [])
    assert status_of(store, checkout) is CheckoutStatus.FAILED


def test_money_that_cannot_go_back_is_not_forgotten(
    deliver: Deliver, others: Others, store: CheckoutStore, checkout: Checkout
) -> None:
    others.answers["refund"] = {"outcome": "REFUSED", "message": "The charge is disputed."}
    store.finish(checkout, CheckoutOutcome(outcome="DECLINED"))

    assert deliver() == ["m"]


def test_a_replay_gives_nothing_back(
    deliver: Deliver, others: Others, store: CheckoutStore, checkout: Checkout
) -> None:
    store.finish(checkout, CheckoutOutcome(outcome="DECLINED"))

    assert deliver(**{"replay-name": "of-march"}) == []
    assert others.called == []


def test_an_erasure_closes_the_checkout_that_waits_and_forgets_the_address(
    deliver: Deliver, others: Others, store: CheckoutStore, checkout: Checkout, quote: Quote
) -> None:
    store.claim_cart(checkout.order_id, "ada", quote, over=None)
    store.finish(checkout, CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret"))

    assert deliver(ERASURE) == []

    closed = store.get(checkout.order_id)
    assert closed is not None
    assert (closed.status, closed.request) == (CheckoutStatus.FAILED, None)
    assert others.called == ["refund", "release"]
    assert store.get_cart_holder("ada") is None
    assert deliver(ERASURE) == []


def test_an_erasure_waits_for_a_checkout_that_is_at_work(
    deliver: Deliver, others: Others, store: CheckoutStore, checkout: Checkout, quote: Quote
) -> None:
    store.claim_cart(checkout.order_id, "ada", quote, over=None)

    assert deliver(ERASURE) == ["m"]

    store.finish(checkout, CheckoutOutcome(outcome="CONFIRMED"))
    assert deliver(ERASURE) == []
    assert others.called == []


def test_an_erasure_of_somebody_who_bought_nothing_has_nothing_to_do(deliver: Deliver, others: Others) -> None:
    assert deliver(ERASURE) == []
    assert others.called == []

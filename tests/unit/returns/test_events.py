"""Refunds: a return hears of its own, once, and of no other."""

from typing import TYPE_CHECKING

import pytest

from bus.consumer import RejectedEventError
from bus.optimistic_locking import retry_on_conflict
from bus.outbox import envelope_for
from schemas.contract import Money
from schemas.event import Event
from schemas.payment import PaymentRefundedV2, RefundFailed
from services.returns import events
from services.returns.domain import CameBack, Return, Withdrawal, decide
from services.returns.store import ReturnsStore
from tests.unit.returns.conftest import NOW, an_order, raised

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture
def received(store: ReturnsStore, monkeypatch: pytest.MonkeyPatch) -> Return:
    monkeypatch.setattr(events, "store", lambda: store)
    store.declare(Withdrawal(withdrawal_id="w-1", stated_at=NOW))
    decision = decide("w-1", an_order(), None, (), NOW)
    retry_on_conflict(lambda: store.settle("w-1", decision))
    assert decision.opened is not None
    goods = [CameBack(product_id="lamp", restock=2)]
    found = store.update(decision.opened.return_id, lambda each, others: each.came_back(goods, others, "grace", NOW))
    assert found is not None
    return found


def refund(request_id: str | None, order_id: str = "order-1") -> PaymentRefundedV2:
    return PaymentRefundedV2(
        order_id=order_id,
        user_id="ada",
        refund_id="re_1",
        amount=Money(amount=4900),
        refunded_total=Money(amount=4900),
        fully_refunded=False,
        reason="WITHDRAWN",
        request_id=request_id,
    )


def deliver(event: Event) -> None:
    subscription = events.consumer.subscriptions[event.source(), event.detail_type()]
    subscription.handler(envelope_for(event, sequence=1))


def test_a_return_is_refunded_once(received: Return, store: ReturnsStore, dynamodb: "DynamoDBClient") -> None:
    deliver(refund(f"return-{received.return_id}"))
    first = store.find(received.return_id)
    deliver(refund(f"return-{received.return_id}"))

    assert first is not None
    assert first.status == "REFUNDED"
    assert store.find(received.return_id) == first
    assert raised(dynamodb, "Returns") == ["ReturnRefunded"]


def test_other_refunds_are_no_business_of_returns(received: Return, store: ReturnsStore) -> None:
    for request_id in ("cancel", "staff-0123", None):
        deliver(refund(request_id))

    assert store.find(received.return_id) == received


def test_a_refund_of_no_return_or_of_another_order_is_rejected(received: Return) -> None:
    with pytest.raises(RejectedEventError):
        deliver(refund("return-order-9-1"))
    with pytest.raises(RejectedEventError):
        deliver(refund(f"return-{received.return_id}", order_id="order-2"))


def test_a_refund_that_stripe_refuses_is_shown_to_staff(received: Return, store: ReturnsStore) -> None:
    failed = RefundFailed(
        order_id="order-1",
        user_id="ada",
        request_id=f"return-{received.return_id}",
        amount=Money(amount=4900),
        failure_code="charge_disputed",
    )
    deliver(failed)
    deliver(failed)

    found = store.find(received.return_id)
    assert found is not None
    assert (found.status, found.failure_code) == ("RECEIVED", "charge_disputed")

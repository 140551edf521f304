"""Refunds while Stripe fails: each is made once, by the request, the sweeper or both, and its delay is told of."""

import pytest
import stripe

from schemas.payment import PaymentRefundedV2, RefundFailed, RefundPending
from services.payment import dependencies, sweeper
from services.payment.domain import IDEMPOTENCY_KEY_SECONDS
from services.payment.gateway import StripeGateway
from services.payment.refunds import RefundService
from services.payment.store import PaymentStore
from services.payment.timeouts import Timeouts
from tests.contract.payment.shop import TOTAL, OnlyOf, Order
from tests.contract.payment.test_refund import cancellation
from tests.contract.stripe.standin import Control, eventually

REFUNDS = {"path": "^/v1/refunds$", "method": "POST"}
NO_FAILURES: dict[str, object] = {"batchItemFailures": []}


def made_at_stripe(api: stripe.StripeClient, order: Order, request_id: str) -> stripe.Refund:
    """Make what Stripe had made before it answered with an error."""
    metadata = {"orderId": order.id, "requestId": request_id}
    return api.v1.refunds.create({"payment_intent": order.payment.payment_intent_id or "", "metadata": metadata})


def calls_left(control: Control) -> int:
    """Return how many more calls the ordered faults will strike."""
    return sum(fault["remaining"] for fault in control.http.get("/_config/faults").json()["faults"])


def test_a_cancelled_order_gets_its_money_although_stripe_keeps_an_error_under_the_key(
    order: Order, control: Control
) -> None:
    order.charge()
    control.fault("500", match=REFUNDS)

    assert order.consume(cancellation(order)) == NO_FAILURES

    assert order.money["givenBack"] == TOTAL
    assert order.told_types == ["PaymentSucceeded", "PaymentRefunded", "PaymentRefundedV2"]
    assert order.payment.refunds["cancel"].attempt == 2


def test_a_refund_by_command_does_not_answer_with_a_kept_error(order: Order, control: Control) -> None:
    order.charge()
    control.fault("500", match=REFUNDS)

    answer = order.refund("staff-a", 1000)

    assert answer["outcome"] == "REFUNDED"
    assert order.refund("staff-a", 1000) == answer
    assert order.money["givenBack"] == 1000


def test_a_refund_that_stripe_made_before_it_failed_is_found_and_not_made_again(
    order: Order, control: Control, stripe_api: stripe.StripeClient
) -> None:
    order.charge()
    made = made_at_stripe(stripe_api, order, "return-1")
    control.fault("500", match=REFUNDS)

    assert order.refund()["refundId"] == made.id
    assert order.money["givenBack"] == TOTAL
    assert order.payment.refunds["return-1"].attempt == 1


def test_refunds_of_other_requests_are_not_taken_for_this_one(order: Order, control: Control) -> None:
    order.charge()
    order.refund("staff-a", 1000)
    control.fault("500", match=REFUNDS)

    order.refund("staff-b", 1000)

    assert order.money["givenBack"] == 2000


@pytest.mark.parametrize("errors", [1, 4, 8])
def test_keys_that_are_spoiled_one_after_the_other_end_in_one_refund(
    order: Order, control: Control, errors: int
) -> None:
    order.charge()
    control.fault("500", match=REFUNDS, times=errors)
    order.consume(cancellation(order))

    while order.payment.refund_due_at is not None:
        order.sweep()

    assert order.money["givenBack"] == TOTAL
    assert order.told_types.count("PaymentRefunded") == 1


@pytest.mark.parametrize("fault", ["503", "409", "drop_before", "drop_after"])
def test_what_passes_is_repeated_at_once(order: Order, control: Control, fault: str) -> None:
    order.charge()
    control.fault(fault, match=REFUNDS, times=2)

    assert order.refund()["outcome"] == "REFUNDED"
    assert order.money["givenBack"] == TOTAL


@pytest.mark.parametrize("fault", ["503", "409", "drop_before", "429"])
def test_the_client_repeats_only_what_it_is_told_to_and_never_a_429(order: Order, control: Control, fault: str) -> None:
    order.charge()
    intent = order.payment.payment_intent_id or ""
    once = StripeGateway(dependencies.gateway()._credentials, Timeouts(retries=0))
    gateways = [once, dependencies.gateway()] if fault == "429" else [once]
    control.fault(fault, match=REFUNDS, times=5)

    for number, gateway in enumerate(gateways, start=1):
        with pytest.raises(stripe.StripeError):
            gateway.refund(intent, None, order_id=order.id, request_id="a")
        assert calls_left(control) == 5 - number


def test_a_rate_limit_is_waited_for_some_seconds(order: Order, control: Control, rests: list[float]) -> None:
    order.charge()
    control.fault("429", match=REFUNDS, times=2)

    assert order.consume(cancellation(order)) == NO_FAILURES

    assert order.money["givenBack"] == TOTAL
    assert len(rests) == 2
    assert all(1 <= rest <= 2 for rest in rests)


def test_a_rate_limit_of_another_call_is_waited_for_as_well(order: Order, control: Control, rests: list[float]) -> None:
    order.charge("pm_card_threeDSecure2Required")
    control.fault("429", times=1)
    assert order.confirm()["outcome"] == "REQUIRES_ACTION"

    control.fault("429", times=1)

    assert order.refund() == {"outcome": "NOTHING_TO_REFUND"}
    assert len(rests) == 2


@pytest.mark.parametrize(("fault", "times"), [("503", 3), ("429", 3), ("drop_before", 3), ("500", 4)])
def test_after_the_last_try_the_refund_is_pending_and_rings_the_alarm_until_it_is_made(
    order: Order,
    control: Control,
    rests: list[float],
    capsys: pytest.CaptureFixture[str],
    fault: str,
    times: int,
) -> None:
    order.charge()
    control.fault(fault, match=REFUNDS, times=times)

    assert order.consume(cancellation(order)) == NO_FAILURES

    pending = order.told[-1]
    assert isinstance(pending.data, RefundPending)
    assert (pending.data.request_id, pending.data.amount.amount) == ("cancel", TOTAL)
    assert pending.metadata.correlation_id == "request-of-cancellation"
    assert capsys.readouterr().out.count('"RefundsPending": 1') == 1

    assert order.sweep(after=30) == 0
    assert order.sweep() == 1

    assert order.money["givenBack"] == TOTAL
    refunded = order.told[-1]
    assert isinstance(refunded.data, PaymentRefundedV2)
    assert refunded.metadata.correlation_id == "request-of-cancellation"
    assert "RefundsPending" not in capsys.readouterr().out
    assert order.sweep() == 0


def test_a_long_outage_is_told_of_once_and_rings_the_alarm_each_minute(
    order: Order, control: Control, capsys: pytest.CaptureFixture[str]
) -> None:
    order.charge()
    control.fault("503", match=REFUNDS, times=9)
    order.consume(cancellation(order))

    assert [order.sweep(), order.sweep()] == [0, 0]

    assert order.told_types.count("RefundPending") == 1
    assert capsys.readouterr().out.count('"RefundsPending": 1') == 3
    assert order.sweep() == 1


def test_a_refund_whose_function_died_is_made_by_the_sweeper(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledError(BaseException):
        """The function is killed."""

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    order.charge()
    with monkeypatch.context() as dying:
        dying.setattr(StripeGateway, "refund", killed)
        with pytest.raises(KilledError):
            order.refund()

    assert order.sweep() == 1
    assert order.money["givenBack"] == TOTAL


def test_a_day_later_the_refund_is_looked_for_before_it_is_made_since_stripe_may_have_forgotten_the_key(
    order: Order, control: Control
) -> None:
    order.charge()
    control.fault("drop_after", match=REFUNDS, times=3)
    assert order.refund() == {"outcome": "PENDING"}
    control.fault("500", match=REFUNDS, times=9)
    payment = order.payment
    tomorrow = RefundService(
        dependencies.store(),
        dependencies.gateway(),
        now=lambda: (payment.refunds["return-1"].attempted_at or 0) + IDEMPOTENCY_KEY_SECONDS,
    )

    with order.context():
        assert tomorrow.resume(payment, "return-1").outcome == "REFUNDED"
    assert order.money["givenBack"] == TOTAL


def test_one_payment_that_fails_does_not_keep_the_sweeper_from_the_others(
    order: Order, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    order.charge()
    control.fault("503", match=REFUNDS, times=3)
    order.refund()
    get = PaymentStore.get
    monkeypatch.setattr(OnlyOf, "list_due_refunds", lambda *_: ["broken", order.id])
    monkeypatch.setattr(OnlyOf, "get", lambda self, order_id: get(self, order_id) if order_id == order.id else 1 / 0)

    with pytest.raises(RuntimeError, match="1 payments"):
        order.sweep()

    assert order.money["givenBack"] == TOTAL


def test_the_timer_starts_the_sweeper(order: Order) -> None:
    order.charge()

    sweeper.handler({}, None)

    assert order.money["givenBack"] == 0


@pytest.mark.parametrize(
    ("refunded", "code", "rings"), [(TOTAL, "charge_already_refunded", False), (TOTAL - 1, "amount_too_large", True)]
)
def test_a_refund_that_stripe_refuses_is_told_of_and_rings_the_alarm_unless_all_is_back(
    order: Order,
    stripe_api: stripe.StripeClient,
    capsys: pytest.CaptureFixture[str],
    refunded: int,
    code: str,
    rings: bool,
) -> None:
    order.charge()
    # Staff has refunded in the dashboard, and the webhook is late.
    stripe_api.v1.refunds.create({"payment_intent": order.payment.payment_intent_id or "", "amount": refunded})

    assert order.refund("staff-a", 1000)["outcome"] == "REFUSED"

    failed = order.told[-1].data
    assert isinstance(failed, RefundFailed)
    assert (failed.request_id, failed.amount.amount, failed.failure_code) == ("staff-a", 1000, code)
    assert ("RefundsFailed" in capsys.readouterr().out) == rings
    assert order.refund("staff-a", 1000)["outcome"] == "REFUSED"
    assert order.sweep() == 0
    eventually(lambda: order.told_types.count("RefundFailed") == 1)

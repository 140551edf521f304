"""Money that goes back, by command and because an order was cancelled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import stripe

from bus.context import Context, use_context
from bus.outbox import envelope_for
from schemas.contract import Line, Money
from schemas.event import Envelope, Event
from schemas.orders import OrderCancelled, RefundRequested
from schemas.payment import PaymentRefunded, PaymentRefundedV2, RefundFailed
from services.payment.domain import PaymentStatus
from tests.contract.payment.shop import TOTAL, Order
from tests.contract.stripe.standin import Control


def refunds_told(order: Order) -> list[PaymentRefundedV2]:
    return [envelope.data for envelope in order.told if isinstance(envelope.data, PaymentRefundedV2)]


def cancellation(order: Order, **differs: object) -> Envelope[Event]:
    """Return the event of the cancelled order, with other values where they are given."""
    with use_context(Context(correlation_id="request-of-cancellation")):
        line = Line(product_id="lamp", name="Lamp", quantity=1, unit_price=Money(amount=TOTAL))
        event = OrderCancelled(
            order_id=order.id,
            user_id="ada",
            lines=[line],
            total=Money(amount=TOTAL),
            cancelled_by="SHOPPER",
            reason="Changed my mind.",
            cancelled_at=datetime.now(UTC),
        )
        return envelope_for(event.model_copy(update=differs), 2)


def request_of_staff(order: Order, cents: int, **differs: object) -> Envelope[Event]:
    """Return the event with which staff requests a refund, with other values where they are given."""
    with use_context(Context(correlation_id="request-of-staff")):
        event = RefundRequested(
            order_id=order.id,
            user_id="ada",
            request_id="staff-1",
            amount=Money(amount=cents),
            reason="DAMAGED",
            requested_at=datetime.now(UTC),
        )
        return envelope_for(event.model_copy(update=differs), 2)


def test_a_refund_that_staff_has_requested_is_made_once_and_names_its_request(order: Order) -> None:
    order.charge()
    requested = request_of_staff(order, 1000)

    assert [order.consume(requested), order.consume(requested)] == [{"batchItemFailures": []}] * 2

    (told,) = refunds_told(order)
    assert (told.request_id, told.amount.amount) == ("staff-1", 1000)
    assert order.told[-1].metadata.causation_id == requested.metadata.event_id
    assert order.money["givenBack"] == 1000


def test_a_request_of_more_than_is_left_is_refused_in_an_event(
    order: Order, capsys: pytest.CaptureFixture[str]
) -> None:
    order.charge()
    order.refund("dashboard", 5000)
    requested = request_of_staff(order, 500)

    assert [order.consume(requested), order.consume(requested)] == [{"batchItemFailures": []}] * 2

    failed = [envelope.data for envelope in order.told if isinstance(envelope.data, RefundFailed)]
    assert [(one.request_id, one.amount.amount, one.failure_code) for one in failed] == [
        ("staff-1", 500, "more_than_is_left")
    ]
    assert "RefundsFailed" in capsys.readouterr().out
    assert order.money["givenBack"] == 5000


def test_a_replayed_request_gives_nothing_back(order: Order) -> None:
    order.charge()

    assert order.consume(request_of_staff(order, 1000), **{"replay-name": "drill"}) == {"batchItemFailures": []}
    assert order.money["givenBack"] == 0


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"user_id": "ben"}, "is another shopper's"),
        ({"amount": Money(amount=1000, currency="JPY")}, "is not in JPY"),
    ],
    ids=["shopper", "currency"],
)
def test_a_request_that_is_not_of_the_paid_order_refunds_nothing(
    order: Order, rejections: list[str], differs: dict[str, object], reason: str
) -> None:
    order.charge()

    assert order.consume(request_of_staff(order, 1000, **differs)) == {"batchItemFailures": []}

    assert rejections == [f"the payment of order {order.id} {reason}"]
    assert order.money["givenBack"] == 0


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"total": Money(amount=TOTAL + 1)}, f"is {TOTAL} USD, not {TOTAL + 1} USD (minor units)"),
        ({"total": Money(amount=TOTAL, currency="JPY")}, f"is {TOTAL} USD, not {TOTAL} JPY (minor units)"),
        ({"user_id": "ben"}, "is another shopper's"),
    ],
    ids=["amount", "currency", "shopper"],
)
def test_a_cancellation_that_is_not_of_the_paid_order_refunds_nothing(
    order: Order, rejections: list[str], differs: dict[str, object], reason: str
) -> None:
    order.charge()

    assert order.consume(cancellation(order, **differs)) == {"batchItemFailures": []}

    assert rejections == [f"the payment of order {order.id} {reason}"]
    assert (order.money["taken"], order.money["givenBack"]) == (TOTAL, 0)
    assert order.payment.refunds == {}


def test_a_cancellation_of_an_order_without_a_payment_closes_no_payment(order: Order, rejections: list[str]) -> None:
    assert order.consume(cancellation(order)) == {"batchItemFailures": []}

    assert rejections == [f"there is no payment of order {order.id}"]
    assert order.charge()["outcome"] == "PAID"


def test_a_full_refund_gives_back_all_and_tells_of_it(order: Order) -> None:
    order.charge()

    answer = order.refund()

    (told,) = refunds_told(order)
    assert answer == {
        "outcome": "REFUNDED",
        "refundId": told.refund_id,
        "amount": {"amount": TOTAL, "currency": "USD"},
    }
    assert (told.amount, told.refunded_total, told.fully_refunded) == (Money(amount=TOTAL), Money(amount=TOTAL), True)
    assert told.reason == "RETURNED"
    assert order.told[-1].metadata.correlation_id == "request-of-staff"
    assert order.money["givenBack"] == TOTAL


def test_parts_add_up_and_the_last_one_is_whatever_is_left(order: Order) -> None:
    order.charge()

    order.refund("a", 1000)
    order.refund("b", 499)
    order.refund("c")

    assert [(told.amount.amount, told.refunded_total.amount) for told in refunds_told(order)] == [
        (1000, 1000),
        (499, 1499),
        (4000, 5499),
    ]
    assert [told.fully_refunded for told in refunds_told(order)] == [False, False, True]
    assert order.money["givenBack"] == TOTAL


def test_the_same_request_gives_back_once(order: Order) -> None:
    order.charge()
    first = order.refund("a", 1000)

    assert order.refund("a", 1000) == first
    assert order.money["givenBack"] == 1000
    assert len(refunds_told(order)) == 1


def test_a_refund_is_told_of_in_both_versions_without_free_text(order: Order) -> None:
    order.charge()
    assert order.refund("checkout", reason="The order could not be placed.")["outcome"] == "REFUNDED"

    first, second = (envelope for envelope in order.told if "Refunded" in envelope.data.detail_type())

    assert isinstance(first.data, PaymentRefunded)
    assert isinstance(second.data, PaymentRefundedV2)
    assert first.data == second.data.downcast()
    assert first.data.upcast() == second.data
    assert (first.data.reason, second.data.reason) == ("The order could not be placed.", "CHECKOUT_FAILED")
    assert (first.metadata.version, second.metadata.version) == (1, 2)
    assert first.metadata.event_id != second.metadata.event_id
    assert first.metadata.sequence == second.metadata.sequence


def test_a_text_that_is_given_as_the_reason_is_stored_and_told_nowhere(order: Order) -> None:
    order.charge()
    order.refund(reason="Ada was rude.")

    assert order.payment.refunds["return-1"].reason == "OTHER"
    assert "rude" not in "".join(envelope.to_json() for envelope in order.told)


@pytest.mark.parametrize("amount", [TOTAL + 1, 0])
def test_more_than_was_charged_is_refused(order: Order, amount: int) -> None:
    order.charge()

    assert order.refund("a", amount)["outcome"] == "REFUSED"
    assert order.money["givenBack"] == 0


def test_what_was_given_back_is_not_given_back_again(order: Order) -> None:
    order.charge()
    order.refund("a")

    assert order.refund("b") == {"outcome": "NOTHING_TO_REFUND"}
    assert order.refund("c", 1)["outcome"] == "REFUSED"
    assert order.money["givenBack"] == TOTAL


def test_refunds_at_once_never_exceed_the_payment(order: Order) -> None:
    order.charge()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda number: order.refund(f"click-{number}", 2000), range(4)))

    assert sorted(answer["outcome"] for answer in answers) == ["REFUNDED", "REFUNDED", "REFUSED", "REFUSED"]
    assert order.money["givenBack"] == order.payment.amount_refunded == 4000
    assert [told.refunded_total.amount for told in refunds_told(order)] == [2000, 4000]


def test_the_same_request_at_once_gives_back_once(order: Order) -> None:
    order.charge()

    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda _: order.refund("one-click", 2000), range(3)))

    assert answers[0]["outcome"] == "REFUNDED"
    assert answers == [answers[0]] * 3
    assert order.money["givenBack"] == 2000
    assert len(refunds_told(order)) == 1


def test_a_refund_whose_answer_was_lost_is_asked_for_again_and_made_once(order: Order, control: Control) -> None:
    order.charge()
    control.fault("drop_after", match={"path": "/v1/refunds"}, times=3)
    assert order.refund("a", 1000) == {"outcome": "PENDING"}

    assert order.refund("a", 1000)["outcome"] == "REFUNDED"
    assert order.money["givenBack"] == 1000
    assert len(refunds_told(order)) == 1


def test_an_order_that_was_never_charged_is_closed_for_good(order: Order) -> None:
    assert order.refund() == {"outcome": "NOTHING_TO_REFUND"}

    answer = order.charge()
    assert (answer["outcome"], answer["declineCode"]) == ("DECLINED", "payment_cancelled")
    assert order.money["intents"] == []


def test_a_payment_that_waits_for_approval_is_cancelled_at_stripe(order: Order) -> None:
    order.charge("pm_card_threeDSecure2Required")

    assert order.refund() == {"outcome": "NOTHING_TO_REFUND"}
    assert order.money["intents"] == ["canceled"]
    assert order.payment.status is PaymentStatus.CANCELLED
    assert order.confirm()["declineCode"] == "payment_cancelled"
    assert order.told == []


def test_a_declined_payment_has_nothing_to_give_back(order: Order) -> None:
    order.charge("pm_card_visa_chargeDeclined")

    assert order.refund() == {"outcome": "NOTHING_TO_REFUND"}
    assert order.money["intents"] == ["canceled"]
    assert order.charge()["declineCode"] == "generic_decline"


def test_a_charge_that_nobody_recorded_is_found_and_given_back(order: Order, control: Control) -> None:
    control.fault("drop_after", times=3)
    with pytest.raises(stripe.APIConnectionError):
        order.charge()

    assert order.refund()["outcome"] == "REFUNDED"
    assert order.money["givenBack"] == TOTAL
    assert order.told_types == ["PaymentSucceeded", "PaymentRefunded", "PaymentRefundedV2"]


def test_a_charge_that_stripe_never_saw_has_nothing_to_give_back(order: Order, control: Control) -> None:
    control.fault("drop_before", times=3)
    with pytest.raises(stripe.APIConnectionError):
        order.charge()

    assert order.refund() == {"outcome": "NOTHING_TO_REFUND"}
    assert order.charge()["declineCode"] == "payment_cancelled"
    assert order.money["intents"] == []


def test_a_cancelled_order_gets_back_what_is_left(order: Order) -> None:
    order.charge()
    order.refund("a", 1000)
    cancelled = cancellation(order)

    assert [order.consume(cancelled), order.consume(cancelled)] == [{"batchItemFailures": []}] * 2

    assert order.money["givenBack"] == TOTAL
    last = order.told[-1]
    assert isinstance(last.data, PaymentRefundedV2)
    assert (last.data.amount.amount, last.data.reason) == (TOTAL - 1000, "ORDER_CANCELLED")
    assert last.metadata.correlation_id == "request-of-cancellation"
    assert last.metadata.causation_id == cancelled.metadata.event_id


def test_a_replayed_cancellation_gives_nothing_back(order: Order) -> None:
    order.charge()

    assert order.consume(cancellation(order), **{"replay-name": "drill"}) == {"batchItemFailures": []}
    assert order.money["givenBack"] == 0

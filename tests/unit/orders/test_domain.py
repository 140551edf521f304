"""The states of an order, and what each change tells."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from schemas.payment import PaymentRefunded
from services.orders.domain import TRANSITIONS, Change, Order, Shipment, Status, TransitionRefusedError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARCEL = Shipment(carrier="Post", tracking_number="T1")


def placed(total: int = 5499) -> Order:
    command = PlaceOrder(
        order_id="order-1",
        user_id="ada",
        lines=[Line(product_id="lamp", name="Lamp", quantity=1, unit_price=Money(amount=total))],
        subtotal=Money(amount=total),
        shipping=Money(amount=0),
        total=Money(amount=total),
        shipping_address=ShippingAddress(name="A", line1="B", city="C", postal_code="D", country="GB"),
        payment_intent_id="pi_1",
    )
    return Order.placed(command, NOW)[0]


def in_status(status: Status) -> Order:
    return placed().model_copy(update={"status": status})


def refund(amount: int, refund_id: str = "re_1") -> PaymentRefunded:
    return PaymentRefunded(
        order_id="order-1",
        user_id="ada",
        refund_id=refund_id,
        amount=Money(amount=amount),
        refunded_total=Money(amount=amount),
        fully_refunded=False,
        reason="why",
    )


def test_a_new_order_is_processing_and_says_so_without_the_address() -> None:
    order = placed()

    assert (order.status, order.sequence) == (Status.PROCESSING, 1)
    assert [step.status for step in order.history] == [Status.PROCESSING]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("to", [Status.SHIPPED, Status.DELIVERED, Status.CANCELLED])
def test_only_the_transitions_of_the_table_are_allowed(status: Status, to: Status) -> None:
    order = in_status(status)
    changes: dict[Status, Callable[[], Change]] = {
        Status.SHIPPED: lambda: order.shipped(PARCEL, NOW),
        Status.DELIVERED: lambda: order.delivered(NOW),
        Status.CANCELLED: lambda: order.cancelled("SHOPPER", "why", NOW),
    }

    if to in TRANSITIONS[status]:
        after = changes[to]()[0]
        assert (after.status, after.sequence, after.history[-1].status) == (to, 2, to)
    else:
        with pytest.raises(TransitionRefusedError) as refused:
            changes[to]()
        assert (refused.value.status, refused.value.to) == (status, to)


def test_shipping_keeps_the_tracking_number_and_tells_it() -> None:
    order, event = placed().shipped(PARCEL, NOW)

    assert order.shipment == PARCEL
    assert (event.carrier, event.tracking_number) == ("Post", "T1")


def test_a_cancelled_order_becomes_refunded_with_its_last_cent() -> None:
    cancelled, _ = placed().cancelled("SHOPPER", "why", NOW)

    partly, first = cancelled.refunded(refund(5000, "re_1"), NOW)
    fully, second = partly.refunded(refund(499, "re_2"), NOW)

    assert (partly.status, first.fully_refunded, first.refunded_total.amount) == (Status.CANCELLED, False, 5000)
    assert (fully.status, second.fully_refunded, second.refunded_total.amount) == (Status.REFUNDED, True, 5499)


def test_an_order_that_was_refunded_before_it_is_cancelled_is_refunded_at_once() -> None:
    paid_back, _ = placed().refunded(refund(5499), NOW)

    order, event = paid_back.cancelled("SHOPPER", "why", NOW)

    assert [step.status for step in order.history] == [Status.PROCESSING, Status.CANCELLED, Status.REFUNDED]
    assert (order.status, event.cancelled_by) == (Status.REFUNDED, "SHOPPER")


def test_a_refund_of_a_delivered_order_leaves_its_status() -> None:
    order, event = in_status(Status.DELIVERED).refunded(refund(5499), NOW)

    assert (order.status, order.sequence) == (Status.DELIVERED, 2)
    assert event.fully_refunded


@given(st.lists(st.integers(min_value=1, max_value=9000), max_size=6))
def test_what_is_refunded_and_what_is_refundable_make_the_total(amounts: list[int]) -> None:
    order = placed(total=54000)
    for index, amount in enumerate(amounts):
        order, _ = order.refunded(refund(amount, f"re_{index}"), NOW)

    assert order.refunded_total.amount == sum(amounts)
    assert order.refundable.amount + order.refunded_total.amount == order.total.amount

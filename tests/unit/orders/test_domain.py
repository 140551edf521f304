"""The states of an order, and what each change tells."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from schemas.orders import OrderCancelled
from schemas.payment import PaymentRefunded
from services.orders.domain import (
    TRANSITIONS,
    InvalidTransitionError,
    Order,
    OrderChange,
    OrderNotRefundableError,
    OrderStatus,
    Requester,
    Shipment,
)

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


def in_status(status: OrderStatus) -> Order:
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

    assert (order.status, order.sequence) == (OrderStatus.PROCESSING, 1)
    assert [step.status for step in order.history] == [OrderStatus.PROCESSING]


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize("to", [OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.CANCELLED])
def test_only_the_transitions_of_the_table_are_allowed(status: OrderStatus, to: OrderStatus) -> None:
    order = in_status(status)
    changes: dict[OrderStatus, Callable[[], OrderChange]] = {
        OrderStatus.SHIPPED: lambda: order.shipped(PARCEL, NOW),
        OrderStatus.DELIVERED: lambda: order.delivered(NOW),
        OrderStatus.CANCELLED: lambda: order.cancelled("SHOPPER", "why", NOW),
    }

    if to in TRANSITIONS[status]:
        after = changes[to]()[0]
        assert (after.status, after.sequence, after.history[-1].status) == (to, 2, to)
    else:
        with pytest.raises(InvalidTransitionError) as refused:
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

    assert (partly.status, first.fully_refunded, first.refunded_total.amount) == (OrderStatus.CANCELLED, False, 5000)
    assert (fully.status, second.fully_refunded, second.refunded_total.amount) == (OrderStatus.REFUNDED, True, 5499)


def test_an_order_that_was_refunded_before_it_is_cancelled_is_refunded_at_once() -> None:
    paid_back, _ = placed().refunded(refund(5499), NOW)

    order, event = paid_back.cancelled("SHOPPER", "why", NOW)

    assert [step.status for step in order.history[1:]] == [OrderStatus.CANCELLED, OrderStatus.REFUNDED]
    assert (order.status, event.cancelled_by) == (OrderStatus.REFUNDED, "SHOPPER")


def test_a_refund_of_a_delivered_order_leaves_its_status() -> None:
    order, event = in_status(OrderStatus.DELIVERED).refunded(refund(5499), NOW)

    assert (order.status, order.sequence) == (OrderStatus.DELIVERED, 2)
    assert event.fully_refunded


def test_a_refund_is_recorded_once() -> None:
    change = placed().refunded_once(refund(499), NOW)

    assert change is not None
    assert change[0].refunded_once(refund(499), NOW) is None


@pytest.mark.parametrize(
    ("user_id", "is_staff", "accessible"), [("ada", False, True), ("eve", False, False), ("bob", True, True)]
)
def test_an_order_is_accessible_to_its_shopper_and_to_staff(user_id: str, is_staff: bool, accessible: bool) -> None:
    assert placed().is_accessible_to(Requester(user_id, is_staff=is_staff)) is accessible


@pytest.mark.parametrize(("is_staff", "by"), [(False, "SHOPPER"), (True, "STAFF")])
def test_a_cancellation_on_request_names_who_asked_for_it_and_is_done_once(is_staff: bool, by: str) -> None:
    requester = Requester("ada", is_staff=is_staff)

    change = placed().cancelled_for(requester, NOW)

    assert change is not None
    order, event = change
    assert isinstance(event, OrderCancelled)
    assert (event.cancelled_by, event.reason) == (by, f"Cancelled by {by.lower()}.")
    assert order.cancelled_for(requester, NOW) is None
    with pytest.raises(InvalidTransitionError):
        in_status(OrderStatus.SHIPPED).cancelled_for(requester, NOW)


@pytest.mark.parametrize("status", OrderStatus)
def test_a_shortage_cancels_only_what_was_not_shipped(status: OrderStatus) -> None:
    assert (in_status(status).cancelled_for_shortage(NOW) is not None) == (status is OrderStatus.PROCESSING)


def test_staff_refund_all_that_is_left_by_default() -> None:
    partly, _ = placed().refunded(refund(499), NOW)

    asked = partly.staff_refund(None, "Broken.", None)

    assert (asked.order_id, asked.amount.amount, asked.reason) == ("order-1", 5000, "Broken.")


@pytest.mark.parametrize("key", ["cancel", "checkout"])
def test_a_key_of_staff_is_never_the_request_id_of_a_refund_of_the_shops_own(key: str) -> None:
    assert placed().staff_refund(Money(amount=2), "Broken.", key).request_id == f"staff-{key}"


def test_a_second_click_is_the_same_refund_and_a_later_one_is_another() -> None:
    amount = Money(amount=499)

    first = placed().staff_refund(amount, "Broken.", None)
    second = placed().staff_refund(amount, "Broken.", None)
    later = placed().refunded(refund(499), NOW)[0].staff_refund(amount, "Broken.", None)

    assert first == second != later


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (Money(amount=0), "more than nothing"),
        (Money(amount=5500), "at most what is left"),
        (Money(amount=1, currency="EUR"), "paid in USD"),
    ],
)
def test_an_amount_that_cannot_be_refunded_is_refused_with_the_reason(amount: Money, sentence: str) -> None:
    with pytest.raises(OrderNotRefundableError, match=sentence):
        placed().staff_refund(amount, "Broken.", None)


def test_an_order_that_was_refunded_wholly_says_so() -> None:
    with pytest.raises(OrderNotRefundableError, match="given back before"):
        placed().refunded(refund(5499), NOW)[0].staff_refund(None, "Broken.", None)


@given(st.lists(st.integers(min_value=1, max_value=9000), max_size=6))
def test_what_is_refunded_and_what_is_refundable_make_the_total(amounts: list[int]) -> None:
    order = placed(total=54000)
    for index, amount in enumerate(amounts):
        order, _ = order.refunded(refund(amount, f"re_{index}"), NOW)

    assert order.refunded_total.amount == sum(amounts)
    assert order.refundable.amount + order.refunded_total.amount == order.total.amount

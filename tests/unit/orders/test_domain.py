"""The states of an order, and what each change tells."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from schemas.orders import OrderCancelled, RefundRequested, UnsentUnits
from schemas.payment import PaymentRefundedV2, RefundFailed, RefundPending
from services.orders.domain import Order, OrderChange
from services.orders.history import SHOPPER, Actor, Requester
from services.orders.parcels import FullyRefundedError, NoAddressError, ParcelToSend, Units, UnsentUnitsError
from services.orders.refund_requests import (
    IdempotencyMismatchError,
    OrderNotRefundableError,
    RefundedLine,
    StaffRefund,
    staff_request_id,
)
from services.orders.statuses import TRANSITIONS, InvalidTransitionError, OrderStatus, UnexpectedStatusError

STAFF = Actor(kind="STAFF", user_id="bob")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARCEL = ParcelToSend(carrier="Post", tracking_number="T1")


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


def refund(amount: int, refund_id: str = "re_1") -> PaymentRefundedV2:
    return PaymentRefundedV2(
        order_id="order-1",
        user_id="ada",
        refund_id=refund_id,
        amount=Money(amount=amount),
        refunded_total=Money(amount=amount),
        fully_refunded=False,
        reason="RETURNED",
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
        OrderStatus.SHIPPED: lambda: order.shipped(PARCEL, NOW, by=STAFF),
        OrderStatus.DELIVERED: lambda: order.delivered(NOW, by=STAFF),
        OrderStatus.CANCELLED: lambda: order.cancelled(SHOPPER, "why", NOW),
    }

    if (status, to) == (OrderStatus.PARTIALLY_SHIPPED, OrderStatus.DELIVERED):
        with pytest.raises(UnsentUnitsError):
            changes[to]()
    elif to in TRANSITIONS[status]:
        after = changes[to]()[0]
        assert (after.status, after.sequence, after.history[-1].status) == (to, 2, to)
    else:
        with pytest.raises(InvalidTransitionError) as refused:
            changes[to]()
        assert (refused.value.status, refused.value.to) == (status, to)


def test_shipping_keeps_the_tracking_number_and_tells_it() -> None:
    order, event = placed().shipped(PARCEL, NOW, by=STAFF)

    (parcel,) = order.parcels
    assert (parcel.parcel_id, parcel.carrier, parcel.tracking_number) == ("1", "Post", "T1")
    assert (event.carrier, event.tracking_number) == ("Post", "T1")


def test_a_cancelled_order_becomes_refunded_with_its_last_cent() -> None:
    cancelled, _ = placed().cancelled(SHOPPER, "why", NOW)

    partly, first = cancelled.refunded(refund(5000, "re_1"), NOW)
    fully, second = partly.refunded(refund(499, "re_2"), NOW)

    assert (partly.status, first.fully_refunded, first.refunded_total.amount) == (OrderStatus.CANCELLED, False, 5000)
    assert (fully.status, second.fully_refunded, second.refunded_total.amount) == (OrderStatus.REFUNDED, True, 5499)


def test_an_order_that_was_refunded_before_it_is_cancelled_is_refunded_at_once() -> None:
    paid_back, _ = placed().refunded(refund(5499), NOW)

    order, event = paid_back.cancelled(SHOPPER, "why", NOW)

    assert [step.status for step in order.history[-2:]] == [OrderStatus.CANCELLED, OrderStatus.REFUNDED]
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


def asked(order: Order, key: str = "key-1", **request: object) -> Order:
    """Return the order after a request of staff."""
    change = order.refund_requested(StaffRefund.model_validate({"reason": "DAMAGED", **request}), key, NOW, by=STAFF)
    assert change is not None
    return change[0]


def test_staff_request_all_that_is_left_by_default() -> None:
    partly, _ = placed().refunded(refund(499), NOW)

    change = partly.refund_requested(StaffRefund(reason="GOODWILL", note="A friend."), "key-1", NOW, by=STAFF)

    assert change is not None
    after, event = change
    assert event == RefundRequested(
        order_id="order-1",
        user_id="ada",
        request_id=staff_request_id("key-1"),
        amount=Money(amount=5000),
        reason="GOODWILL",
        requested_at=NOW,
    )
    assert after.sequence == 3
    assert after.refund_notes == {event.request_id: "A friend."}
    assert "friend" not in event.model_dump_json()


def test_a_key_is_recorded_as_a_digest_of_which_no_refund_of_the_shops_own_has_the_form() -> None:
    order = asked(placed(), "cancel")

    (request_id,) = order.refund_requests
    assert request_id.startswith("staff-")
    assert "cancel" not in order.model_dump_json().replace("cancelled", "")


def test_the_same_key_and_request_change_nothing_and_another_request_is_refused() -> None:
    order = asked(placed(), amount=Money(amount=1000))
    same = StaffRefund(amount=Money(amount=1000), reason="DAMAGED")

    assert order.refund_requested(same, "key-1", NOW, by=STAFF) is None
    for other in (
        same.model_copy(update={"amount": Money(amount=1001)}),
        same.model_copy(update={"amount": None}),
        same.model_copy(update={"reason": "OTHER"}),
        same.model_copy(update={"note": "Something else."}),
        same.model_copy(update={"lines": [RefundedLine(product_id="lamp", quantity=1)]}),
    ):
        with pytest.raises(IdempotencyMismatchError):
            order.refund_requested(other, "key-1", NOW, by=STAFF)


def test_what_is_under_way_counts_as_refunded() -> None:
    order = asked(asked(placed(), "key-1", amount=Money(amount=5000)), "key-2", amount=Money(amount=400))

    assert (order.refundable.amount, order.refunds_under_way.amount, order.kept.amount) == (99, 5400, 5499)
    with pytest.raises(OrderNotRefundableError, match="at most what is left"):
        asked(order, "key-3", amount=Money(amount=100))
    with pytest.raises(OrderNotRefundableError, match="on its way back"):
        asked(asked(order, "key-4"), "key-5")


def test_a_refund_that_was_made_is_counted_once() -> None:
    order = asked(placed(), amount=Money(amount=5000))
    (request_id,) = order.refund_requests

    after, _ = order.refunded(refund(5000).model_copy(update={"request_id": request_id}), NOW)

    assert (after.refundable.amount, after.refunds_under_way.amount) == (499, 0)
    assert after.refund_requests[request_id].refund_id == "re_1"


def test_a_refund_that_was_refused_is_not_under_way_any_more() -> None:
    order = asked(placed(), amount=Money(amount=5000))
    (request_id,) = order.refund_requests
    failed = RefundFailed(
        order_id="order-1",
        user_id="ada",
        request_id=request_id,
        amount=Money(amount=5000),
        failure_code="charge_disputed",
    )

    change = order.refund_delayed(failed, NOW)

    assert change is not None
    assert (change[0].refundable.amount, change[0].status) == (5499, OrderStatus.PROCESSING)
    assert change[0].refund_delayed(failed, NOW) is None


def test_a_request_that_is_pending_leaves_a_cancelled_order_as_it_is() -> None:
    order = asked(placed(), amount=Money(amount=5000)).cancelled(STAFF, "why", NOW)[0]
    (request_id,) = order.refund_requests
    delay = RefundPending(
        order_id="order-1", user_id="ada", request_id=request_id, amount=Money(amount=5000), pending_since=NOW
    )

    assert order.refund_delayed(delay, NOW) is None


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUND_PENDING, OrderStatus.REFUNDED])
def test_all_of_a_cancelled_order_is_under_way(status: OrderStatus) -> None:
    with pytest.raises(OrderNotRefundableError, match="on its way back"):
        asked(in_status(status))


def test_a_refund_that_is_made_after_it_was_refused_is_one_of_its_lines() -> None:
    # Stripe refuses an attempt of which an earlier one was made without an answer; its webhook tells it then.
    lines = [{"productId": "mug", "quantity": 2}]
    order = asked(two_mugs(), "key-1", lines=lines)
    (request_id,) = order.refund_requests
    failed = RefundFailed(
        order_id="order-1", user_id="ada", request_id=request_id, amount=Money(amount=2000), failure_code="declined"
    )
    refused, _ = order.refund_delayed(failed, NOW) or (order, None)
    made = refund(2000).model_copy(update={"request_id": request_id})

    after, _ = refused.refunded(made, NOW)

    assert after.refund_requests[request_id].failure_code is None
    with pytest.raises(OrderNotRefundableError, match="than were bought"):
        asked(after, "key-2", lines=[{"productId": "mug", "quantity": 1}], amount=None)


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
        asked(placed(), amount=amount)


def test_an_order_that_was_refunded_wholly_says_so() -> None:
    with pytest.raises(OrderNotRefundableError, match="given back before"):
        asked(placed().refunded(refund(5499), NOW)[0])


def test_an_order_whose_money_is_all_on_its_way_back_is_not_shipped() -> None:
    order = asked(asked(placed(), "key-1", amount=Money(amount=5000)), "key-2")

    with pytest.raises(FullyRefundedError):
        order.shipped(PARCEL, NOW, by=STAFF)


def test_an_order_of_which_a_part_is_on_its_way_back_is_shipped() -> None:
    assert asked(placed(), amount=Money(amount=5498)).shipped(PARCEL, NOW, by=STAFF)[0].status is OrderStatus.SHIPPED


@pytest.mark.parametrize("amount", [None, Money(amount=5499)])
def test_all_of_a_shipped_order_is_refunded_only_where_staff_has_seen_that_it_is_shipped(amount: Money | None) -> None:
    shipped = in_status(OrderStatus.SHIPPED)

    with pytest.raises(UnexpectedStatusError):
        asked(shipped, amount=amount)
    assert asked(shipped, amount=amount, expectedStatus="SHIPPED").refundable.amount == 0
    assert asked(shipped, amount=Money(amount=5498)).refundable.amount == 1


def test_the_rest_of_a_shipped_order_is_all_that_is_left_of_it() -> None:
    partly = asked(in_status(OrderStatus.SHIPPED), "key-1", amount=Money(amount=5000))

    with pytest.raises(UnexpectedStatusError):
        asked(partly, "key-2", amount=Money(amount=499))


@pytest.mark.parametrize("status", [OrderStatus.PROCESSING, OrderStatus.DELIVERED])
def test_an_order_that_is_at_home_or_still_in_the_warehouse_is_refunded_without_more_words(
    status: OrderStatus,
) -> None:
    assert asked(in_status(status)).refundable.amount == 0


def test_a_refund_of_an_order_in_another_status_than_staff_has_seen_is_refused() -> None:
    with pytest.raises(UnexpectedStatusError) as refused:
        asked(in_status(OrderStatus.DELIVERED), amount=Money(amount=1), expectedStatus="PROCESSING")

    assert refused.value.status is OrderStatus.DELIVERED


def two_mugs() -> Order:
    """Return an order of two mugs at $10, with $5 for shipping."""
    line = Line(product_id="mug", name="Mug", quantity=2, unit_price=Money(amount=1000))
    return placed().model_copy(update={"lines": [line], "subtotal": Money(amount=2000), "total": Money(amount=2500)})


@pytest.mark.parametrize("line", [{"productId": "mug", "quantity": 3}, {"productId": "lamp", "quantity": 1}])
def test_an_amount_is_for_lines_of_the_order_alone(line: dict[str, object]) -> None:
    with pytest.raises(OrderNotRefundableError, match="than were bought"):
        asked(two_mugs(), "key-1", amount=Money(amount=100), lines=[line])


def test_lines_are_refunded_at_the_price_that_was_paid_and_once() -> None:
    one = [{"productId": "mug", "quantity": 1}]
    first = asked(two_mugs(), "key-1", lines=one)
    second = asked(first, "key-2", lines=one)

    assert [request.amount.amount for request in second.refund_requests.values()] == [1000, 1000]
    with pytest.raises(OrderNotRefundableError, match="more units than were bought"):
        asked(second, "key-3", lines=one)
    with pytest.raises(OrderNotRefundableError, match="more units than were bought"):
        asked(two_mugs(), "key-4", lines=[{"productId": "lamp", "quantity": 1}])


def test_units_whose_refund_was_refused_can_be_refunded() -> None:
    order = asked(two_mugs(), "key-1", lines=[{"productId": "mug", "quantity": 2}])
    order = order._with_request(staff_request_id("key-1"), failure_code="charge_disputed")

    assert asked(order, "key-2", lines=[{"productId": "mug", "quantity": 2}]).refunds_under_way.amount == 2000


@pytest.mark.parametrize("unsent", [True, None])
def test_a_refund_of_units_that_are_not_sent_any_more_tells_them_once_it_is_made(unsent: bool | None) -> None:
    order = asked(two_mugs(), "key-1", lines=[{"productId": "mug", "quantity": 1}], unsent=unsent)
    request_id = staff_request_id("key-1")

    _, event = order.refunded(refund(1000).model_copy(update={"request_id": request_id}), NOW)

    assert event.request_id == request_id
    assert event.unsent == ([UnsentUnits(product_id="mug", quantity=1)] if unsent else None)


@pytest.mark.parametrize(
    "before", [{}, {"amount": {"amount": 500}}, {"lines": [{"productId": "mug", "quantity": 1}], "unsent": True}]
)
def test_what_never_left_is_told_where_all_that_was_left_of_an_order_in_parcels_is_refunded(
    before: dict[str, object],
) -> None:
    one = [Units(product_id="mug", quantity=1)]
    order, _ = two_mugs().shipped(PARCEL.model_copy(update={"lines": one}), NOW, by=STAFF)
    told = []
    for key, wanted in (("key-1", before), ("key-2", {"expectedStatus": "PARTIALLY_SHIPPED"})):
        if wanted:
            order = asked(order, key, **wanted)
            request_id = staff_request_id(key)
            made = refund(order.refund_requests[request_id].amount.amount, key)
            order, event = order.refunded(made.model_copy(update={"request_id": request_id}), NOW)
            told += event.unsent or []

    assert told == [UnsentUnits(product_id="mug", quantity=1)]
    assert order.refunded_unsent == {"mug": 1}
    with pytest.raises(FullyRefundedError):
        order.shipped(PARCEL.model_copy(update={"tracking_number": "T2"}), NOW, by=STAFF)
    assert order.delivered(NOW, by=STAFF)[0].status is OrderStatus.DELIVERED


def test_a_refund_of_all_that_is_left_of_an_order_that_left_as_a_whole_tells_no_unsent_units() -> None:
    order, _ = two_mugs().shipped(PARCEL, NOW, by=STAFF)

    assert order.refunded(refund(2500), NOW)[1].unsent is None


def test_an_order_whose_shopper_was_erased_takes_no_note() -> None:
    erased = placed().model_copy(update={"shipping_address": None})

    assert asked(erased, note="She called.").refund_notes == {}


@given(st.lists(st.integers(min_value=1, max_value=9000), max_size=6))
def test_what_is_refunded_and_what_is_refundable_make_the_total(amounts: list[int]) -> None:
    order = placed(total=54000)
    for index, amount in enumerate(amounts):
        order, _ = order.refunded(refund(amount, f"re_{index}"), NOW)

    assert order.refunded_total.amount == sum(amounts)
    assert order.kept.amount + order.refunded_total.amount == order.total.amount
    assert order.refundable == (order.kept if sum(amounts) <= 54000 else Money(amount=0))


def test_an_order_without_an_address_cannot_be_shipped() -> None:
    erased = placed().model_copy(update={"shipping_address": None})

    with pytest.raises(NoAddressError):
        erased.shipped(PARCEL, NOW, by=STAFF)


@pytest.mark.parametrize("status", OrderStatus)
def test_an_erasure_cancels_only_what_was_not_sent(status: OrderStatus) -> None:
    change = in_status(status).cancelled_for_erasure(NOW)

    assert (change is not None) is (status is OrderStatus.PROCESSING)
    if change:
        after, event = change
        assert after.status is OrderStatus.CANCELLED
        assert isinstance(event, OrderCancelled)
        assert (event.cancelled_by, event.total) == ("SHOPPER", after.total)

"""The commands of returns: which order it is, and the cancellation of one that was not sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.commands import ChosenDelivery, PlaceOrder
from schemas.contract import Money
from schemas.order_number import order_number
from schemas.tax import LineTax, OrderTax, TaxAmount
from services.orders import linked_orders, withdrawals
from services.orders.domain import Order
from services.orders.history import SHOPPER, Actor
from services.orders.order_links import OrderLinks
from services.orders.parcels import ParcelToSend, Units, UnitsNotLeftError
from services.orders.refund_requests import RefundedLine, StaffRefund
from services.orders.statuses import OrderStatus
from services.orders.store import OrderStore

STAFF = Actor(kind="STAFF", user_id="bob")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DELIVERED = NOON + timedelta(days=2)
LINKS = OrderLinks(lambda: b"the key")


@pytest.fixture(autouse=True)
def order(store: OrderStore, place_order: PlaceOrder, monkeypatch: pytest.MonkeyPatch) -> Order:
    for module in (withdrawals, linked_orders):
        monkeypatch.setattr(module, "store", lambda: store)
    monkeypatch.setattr(linked_orders, "order_links", lambda: LINKS)
    order, event = Order.placed(place_order, NOON)
    store.create(order, event)
    return order


def asked(command: Any, **given: Any) -> dict[str, Any]:
    answer: dict[str, Any] = command({"context": {"correlationId": "request"}, "input": given}, None)
    return answer


def test_an_order_is_found_by_its_link_its_id_and_its_number() -> None:
    by_link = asked(withdrawals.returnable_order, token=LINKS.issue("order-1", 0))
    by_id = asked(withdrawals.returnable_order, userId="ada", order="order-1")
    by_number = asked(withdrawals.returnable_order, userId="ada", order=order_number("order-1").lower())

    assert by_link == by_id == by_number
    found = by_link["order"]
    assert (found["orderId"], found["userId"], found["isCancelled"]) == ("order-1", "ada", False)
    assert found["shipping"] == {"amount": 599, "currency": "USD"}
    assert "deliveredAt" not in found
    assert "Analytical Way" not in str(found)


def test_an_order_says_what_the_standard_delivery_would_have_cost(store: OrderStore, place_order: PlaceOrder) -> None:
    express = ChosenDelivery(
        method="express",
        label="Express",
        earliest="2026-03-03",
        latest="2026-03-04",
        standard_price=Money(amount=299),
    )
    store.create(*Order.placed(place_order.model_copy(update={"order_id": "order-2", "delivery": express}), NOON))

    found = asked(withdrawals.returnable_order, userId="ada", order="order-2")["order"]

    assert (found["shipping"]["amount"], found["standardShipping"]["amount"]) == (599, 299)
    assert "standardShipping" not in asked(withdrawals.returnable_order, userId="ada", order="order-1")["order"]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"token": "forged"},
        {"userId": "eve", "order": "order-1"},
        {"userId": "ada", "order": "order-9"},
        {"order": "order-1"},
    ],
)
def test_there_is_no_order_for_whoever_may_not_ask(given: dict[str, str]) -> None:
    assert asked(withdrawals.returnable_order, **given) == {"outcome": "NONE"}


def test_an_erased_order_cannot_be_returned(store: OrderStore, order: Order) -> None:
    store.erase(order)

    assert asked(withdrawals.returnable_order, userId="ada", order="order-1") == {"outcome": "NONE"}
    assert asked(withdrawals.withdraw, userId="ada", orderId="order-1") == {"outcome": "NONE"}


def test_a_withdrawal_cancels_what_was_not_sent_once(store: OrderStore) -> None:
    first = asked(withdrawals.withdraw, userId="ada", orderId="order-1")
    second = asked(withdrawals.withdraw, userId="ada", orderId="order-1")

    assert first == second
    assert first["order"]["isCancelled"] is True
    cancelled = store.find("order-1")
    assert cancelled is not None
    assert [change.status for change in cancelled.history] == ["PROCESSING", "CANCELLED"]
    assert asked(withdrawals.withdraw, userId="eve", orderId="order-1") == {"outcome": "NONE"}


def test_a_withdrawal_cancels_nothing_that_was_sent_and_says_when_it_arrived(store: OrderStore, order: Order) -> None:
    shipped = store.update(
        order, lambda order: order.shipped(ParcelToSend(carrier="UPS", tracking_number="1Z"), NOON, by=STAFF)
    )
    store.update(shipped, lambda order: order.delivered(DELIVERED, by=STAFF))

    found = asked(withdrawals.withdraw, userId="ada", orderId="order-1")["order"]

    assert (found["isCancelled"], found["deliveredAt"]) == (False, "2026-03-03T12:00:00.000Z")


def test_a_withdrawal_from_all_of_an_order_in_parcels_refunds_the_rest_instead_of_sending_it(
    store: OrderStore, order: Order
) -> None:
    first = ParcelToSend(carrier="UPS", tracking_number="1Z", lines=[Units(product_id="lamp", quantity=1)])
    store.update(order, lambda order: order.shipped(first, NOON, by=STAFF))

    answers = [asked(withdrawals.withdraw, userId="ada", orderId="order-1") for _ in range(2)]

    assert answers[0] == answers[1]
    for part in ("lines", "withdrawnUnsent"):
        assert [(line["productId"], line["quantity"]) for line in answers[0]["order"][part]] == [("lamp", 1)]
    left = store.find("order-1")
    assert left is not None
    assert [(each.amount.amount, each.reason, each.unsent) for each in left.refund_requests.values()] == [
        (2450, "WITHDRAWN", True)
    ]
    assert left.refund_requests["withdrawal"].requested_by == SHOPPER
    with pytest.raises(UnitsNotLeftError):
        left.shipped(ParcelToSend(carrier="UPS", tracking_number="2Z"), NOON, by=STAFF)
    assert left.delivered(DELIVERED, by=STAFF)[0].status is OrderStatus.DELIVERED


def test_what_was_refunded_instead_of_being_sent_cannot_come_back(store: OrderStore, order: Order) -> None:
    # Else who gives back all that was sent would not get the cost of delivery, and is asked for what they never had.
    one = [Units(product_id="lamp", quantity=1)]
    unsent = StaffRefund(lines=[RefundedLine(product_id="lamp", quantity=1)], unsent=True, reason="OTHER")
    refunded = store.update(order, lambda order: order.refund_requested(unsent, "key", NOON, by=STAFF))
    parcel = ParcelToSend(carrier="UPS", tracking_number="1Z", lines=one)
    store.update(refunded, lambda order: order.shipped(parcel, NOON, by=STAFF))

    found = asked(withdrawals.returnable_order, userId="ada", order="order-1")["order"]

    assert [(line["productId"], line["quantity"]) for line in found["lines"]] == [("lamp", 1)]


def test_what_can_come_back_has_its_own_part_of_the_tax(order: Order) -> None:
    sales = TaxAmount(name="Sales tax 8%", rate=8000, base=Money(amount=4900), amount=Money(amount=392))
    tax = OrderTax(
        prices="EXCLUSIVE",
        amount=sales.amount,
        lines=[LineTax(product_id="lamp", taxes=[sales])],
        delivery=[],
        rates=[sales],
    )
    unsent = StaffRefund(lines=[RefundedLine(product_id="lamp", quantity=1)], unsent=True, reason="OTHER")
    taxed, _ = order.model_copy(update={"tax": tax}).refund_requested(unsent, "key", NOON, by=STAFF) or (order, None)

    found = withdrawals._found(taxed).order

    assert found is not None
    assert found.tax is not None
    assert [each.amount.amount for each in found.tax.taxes_of("lamp")] == [196]

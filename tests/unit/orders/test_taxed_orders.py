"""An order with tax: its sum, and what goes back of it, to the cent."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from schemas.orders import OrderRefunded
from schemas.payment import PaymentRefundedV2
from schemas.returns import ReceivedUnits, ReturnReceived
from schemas.tax import OrderTax, sum_by_rate, total_with_tax
from services.orders.domain import Order
from services.orders.history import Actor
from services.orders.order_record import OrderMismatchError
from services.orders.refund_requests import RefundedLine, StaffRefund
from services.orders.returned_goods import refund_for_return, return_request_id
from services.orders.statuses import OrderStatus
from services.orders.store import OrderStore
from tax.calculation import Sale, TaxedGoods, TaxTable
from tax.settings import tax_settings
from tests.unit.tax.conftest import everywhere

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STAFF = Actor(kind="STAFF", user_id="bob")
SHIPPING = Money(amount=599)
LINES = [
    Line(product_id="lamp", name="Lamp", quantity=3, unit_price=Money(amount=1999)),
    Line(product_id="house-espresso-beans", name="Beans", quantity=2, unit_price=Money(amount=1901)),
]


def a_tax(country: str = "CA", region: str | None = "QC") -> OrderTax:
    """Return the tax of the lines."""
    goods = [TaxedGoods(line.product_id, "", line.unit_price * line.quantity) for line in LINES]
    tax = TaxTable(everywhere(tax_settings())).calculate(Sale(country, region, goods, SHIPPING))
    assert tax
    return tax


def a_command(tax: OrderTax, added: int | None = None) -> PlaceOrder:
    """Return the command for an order of three lamps and two bags of beans."""
    subtotal = sum((line.unit_price * line.quantity for line in LINES), start=Money(amount=0))
    total = total_with_tax(subtotal, SHIPPING, tax)
    return PlaceOrder(
        order_id="order-1",
        user_id="ada",
        lines=LINES,
        subtotal=subtotal,
        shipping=SHIPPING,
        total=total if added is None else subtotal + SHIPPING + Money(amount=added),
        tax=tax,
        shipping_address=ShippingAddress(name="A", line1="B", city="C", postal_code="D", country="CA"),
        payment_intent_id="pi_1",
    )


def delivered(tax: OrderTax) -> Order:
    """Return the order with all of it at its shopper's."""
    return Order.placed(a_command(tax), NOW)[0].model_copy(update={"status": OrderStatus.DELIVERED})


def paid_back(order: Order, request_id: str) -> tuple[Order, OrderRefunded]:
    """Return the order after payment has made a requested refund."""
    refund = PaymentRefundedV2(
        order_id=order.order_id,
        user_id=order.user_id,
        refund_id=f"re_{request_id}",
        amount=order.refund_requests[request_id].amount,
        refunded_total=order.refund_requests[request_id].amount,
        fully_refunded=False,
        reason="RETURNED",
        request_id=request_id,
    )
    return order.refunded(refund, NOW)


def refunded(order: Order, key: str, **given: object) -> tuple[Order, OrderRefunded]:
    """Return the order after a refund by staff."""
    change = order.refund_requested(StaffRefund.model_validate({"reason": "OTHER", **given}), key, NOW, by=STAFF)
    assert change
    return paid_back(change[0], next(reversed(change[0].refund_requests)))


def test_an_order_names_its_tax_and_tells_it() -> None:
    order, event = Order.placed(a_command(a_tax()), NOW)

    assert event.tax == order.tax == a_tax()
    assert order.total.amount == 5997 + 3802 + 599 + a_tax().amount.amount
    assert Order.model_validate_json(order.model_dump_json()) == order


@pytest.mark.parametrize("added", [0, 1])
def test_an_order_whose_tax_is_not_in_its_total_is_refused(added: int) -> None:
    with pytest.raises(OrderMismatchError, match="do not add up"):
        Order.placed(a_command(a_tax(), added), NOW)


def test_an_order_whose_tax_is_not_the_sum_of_its_lines_is_refused() -> None:
    forged = a_tax().model_copy(update={"lines": []})

    with pytest.raises(OrderMismatchError, match="do not add up"):
        Order.placed(a_command(forged), NOW)


def test_a_line_is_refunded_with_its_own_tax() -> None:
    _, lamp = refunded(delivered(a_tax("CA", "ON")), "k", lines=[{"productId": "lamp", "quantity": 3}])
    _, beans = refunded(delivered(a_tax("CA", "ON")), "k", lines=[{"productId": "house-espresso-beans", "quantity": 1}])

    assert lamp.amount.amount == 5997 + 780
    assert {each.name: each.amount.amount for each in lamp.tax or []} == {"HST 13%": 780, "GST 0%": 0}
    assert beans.amount.amount == 1901
    assert {each.name: each.amount.amount for each in beans.tax or []} == {"HST 13%": 0, "GST 0%": 0}


def test_a_return_brings_back_the_tax_of_its_units_and_of_delivery() -> None:
    tax = a_tax("CA", "ON")
    order = delivered(tax)
    delivery = Money(amount=599 + sum(each.amount.amount for each in tax.delivery))
    came_back = ReturnReceived(
        return_id="order-1-1",
        order_id="order-1",
        user_id="ada",
        lines=[ReceivedUnits(product_id=line.product_id, restocked=line.quantity, written_off=0) for line in LINES],
        refund=order.total,
        delivery=delivery,
        reason="WITHDRAWN",
        received_at=NOW,
    )

    change = refund_for_return(order, came_back, NOW)

    assert change
    after, told = paid_back(change[0], return_request_id("order-1-1"))
    assert (told.amount, told.fully_refunded, after.kept.amount) == (order.total, True, 0)
    assert told.tax == tax.rates


def test_the_tax_that_went_back_is_stored_and_no_later_refund_names_it_again(store: OrderStore) -> None:
    tax = a_tax("CA", "ON")
    order, event = Order.placed(a_command(tax), NOW)
    assert store.create(order, event)

    def stored(key: str, **given: object) -> OrderRefunded:
        before = store.find("order-1")
        assert before
        change = refunded(before, key, **given)
        store.update(before, lambda _: change)
        return change[1]

    lamps = stored("k1", lines=[{"productId": "lamp", "quantity": 3}])
    rest = stored("k2")

    assert sum_by_rate([*(lamps.tax or []), *(rest.tax or [])]) == tax.rates


def test_a_refund_of_an_order_without_tax_names_none() -> None:
    order = delivered(a_tax()).model_copy(update={"tax": None})

    assert refunded(order, "k", lines=[{"productId": "lamp", "quantity": 1}])[1].tax is None


@given(
    st.sampled_from([("CA", "QC"), ("CA", "ON"), ("US", "NJ"), ("DE", None)]),
    st.permutations(["lamp", "lamp", "lamp", "house-espresso-beans", "house-espresso-beans", "amount", "return"]),
)
def test_refunds_by_parts_in_any_order_end_at_zero(place: tuple[str, str | None], parts: list[str]) -> None:
    tax = a_tax(*place)
    order, told = delivered(tax), []
    for number, part in enumerate(parts):
        if order.refundable.amount == 0:
            break
        if part == "amount":
            order, event = refunded(order, str(number), amount={"amount": min(137, order.refundable.amount)})
        elif part == "return":
            order, event = _returned(order)
        else:
            price = order.price_of({part: 1}, order.units_refunded)
            if price > order.refundable.amount or order.units_refunded[part] >= _bought(part):
                continue
            order, event = refunded(order, str(number), lines=[RefundedLine(product_id=part, quantity=1)])
        told.append(event)
    if order.refundable.amount:
        order, event = refunded(order, "rest")
        told.append(event)

    assert order.kept.amount == 0
    taxes = [each for event in told for each in event.tax or []]
    assert sum(each.amount.amount for each in taxes) == tax.amount.amount
    for rate in tax.rates:
        assert sum(each.amount.amount for each in taxes if each.name == rate.name) == rate.amount.amount


def _bought(product_id: str) -> int:
    return next(line.quantity for line in LINES if line.product_id == product_id)


def _returned(order: Order) -> tuple[Order, OrderRefunded]:
    came_back = ReturnReceived(
        return_id="order-1-1",
        order_id="order-1",
        user_id="ada",
        lines=[ReceivedUnits(product_id="lamp", restocked=1, written_off=1)],
        refund=Money(amount=3998),
        reason="RETURNED",
        received_at=NOW,
    )
    change = refund_for_return(order, came_back, NOW)
    if change is None:
        return refunded(order, "instead")
    return paid_back(change[0], return_request_id("order-1-1"))

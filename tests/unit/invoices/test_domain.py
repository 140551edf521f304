"""The invoice's total is the order's, whatever was bought; numbers follow the shop's year."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Line, Money
from services.invoices.domain import (
    DocumentKind,
    InvoicedOrder,
    InvoiceMismatchError,
    Invoicing,
    Refund,
    document_number,
    series_of,
)
from tests.unit.invoices.conftest import NOON, an_order

LINES = st.lists(st.tuples(st.integers(1, 999), st.integers(0, 10_000_000)), min_size=1, max_size=20).map(
    lambda bought: [
        Line(product_id="lamp", name="Lamp", quantity=quantity, unit_price=Money(amount=cents))
        for quantity, cents in bought
    ]
)
"""Quantities, and prices in cents."""


def order_of(lines: list[Line], shipping: int) -> InvoicedOrder:
    subtotal = sum(line.unit_price.amount * line.quantity for line in lines)
    return InvoicedOrder(
        order_id="order-1",
        lines=lines,
        subtotal=Money(amount=subtotal),
        shipping=Money(amount=shipping),
        total=Money(amount=subtotal + shipping),
        placed_at=NOON,
    )


@given(LINES, st.integers(0, 5_000))
def test_the_total_of_an_invoice_is_that_of_the_order(lines: list[Line], shipping: int) -> None:
    order = order_of(lines, shipping)
    order.require_sum()

    invoicing = Invoicing(order_id="order-1", user_id="ada").with_invoice(order, "INV-2026-000001", NOON, NOON)

    assert invoicing.invoice
    assert invoicing.invoice.total == order.total
    said = sum(line.unit_price.amount * line.quantity for line in lines) + shipping
    assert invoicing.invoice.total.amount == said


@given(LINES, st.integers(0, 5_000), st.data())
def test_credit_notes_are_never_more_than_the_invoice(lines: list[Line], shipping: int, data: st.DataObject) -> None:
    order = order_of(lines, shipping)
    invoicing = Invoicing(order_id="order-1", user_id="ada").with_invoice(order, "INV-2026-000001", NOON, NOON)
    for count in range(data.draw(st.integers(1, 5))):
        refund = Refund(amount=Money(amount=data.draw(st.integers(1, order.total.amount + 1))), refunded_at=NOON)
        try:
            invoicing = invoicing.with_refund(f"refund-{count}", refund)
        except InvoiceMismatchError:
            continue
        invoicing = invoicing.with_credit_note(f"refund-{count}", f"CN-2026-{count + 1:06}", NOON)

    credited = sum(note.total.amount for note in invoicing.credit_notes.values())
    assert credited <= order.total.amount


def test_amounts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvoiceMismatchError, match="do not add up"):
        an_order().model_copy(update={"total": Money(amount=1)}).require_sum()


def test_a_refund_in_another_currency_is_refused() -> None:
    invoicing = Invoicing(order_id="o", user_id="ada").with_invoice(an_order("o"), "INV-2026-000001", NOON, NOON)

    with pytest.raises(InvoiceMismatchError):
        invoicing.with_refund("r", Refund(amount=Money(amount=1, currency="EUR"), refunded_at=NOON))


@pytest.mark.parametrize(
    ("at", "series"),
    [
        (datetime(2027, 1, 1, 4, 59, tzinfo=UTC), "INV-2026"),
        (datetime(2027, 1, 1, 5, 0, tzinfo=UTC), "INV-2027"),
    ],
)
def test_a_series_is_of_a_year_by_the_shops_clock(at: datetime, series: str) -> None:
    assert series_of(DocumentKind.INVOICE, at) == series


def test_a_number_has_six_digits_and_goes_on_after_them() -> None:
    assert document_number("INV-2026", 42) == "INV-2026-000042"
    assert document_number("INV-2026", 1_000_000) == "INV-2026-1000000"

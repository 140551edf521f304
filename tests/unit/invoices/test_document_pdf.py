"""What the PDFs say."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from schemas.contract import Money
from schemas.order_number import order_number
from schemas.tax import LineTax, OrderTax, PriceKind, TaxAmount, with_amounts
from services.invoices.document_pdf import ERASED_RECIPIENT, NO_TAX, render_document
from services.invoices.domain import Invoicing, Refund
from tests.unit.invoices.conftest import NOON, RECIPIENT, an_order

pytestmark = pytest.mark.slow  # reportlab reads the fonts once, in half a second.


@pytest.fixture
def invoicing() -> Invoicing:
    known = Invoicing(order_id="order-1", user_id="ada").with_invoice(an_order(), "INV-2026-000007", NOON, NOON)
    known = known.with_refund("r", Refund(amount=Money(amount=2450), refunded_at=NOON))
    return known.with_credit_note("r", "CN-2026-000003", NOON)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_an_invoice_names_what_the_law_asks_for(invoicing: Invoicing) -> None:
    written = text_of(render_document(invoicing, invoicing.documents[0], RECIPIENT))

    for said in (
        *("INV-2026-000007", "e-com67, Inc.", "March 1, 2026", order_number("order-1")),
        *RECIPIENT,
        *("Lamp", "$24.50", "$49.00", "$5.99", "$54.99", "Nothing is left to pay."),
    ):
        assert said in written


def test_a_credit_note_names_its_invoice_and_the_amount(invoicing: Invoicing) -> None:
    written = text_of(render_document(invoicing, invoicing.documents[1], RECIPIENT))

    for said in ("CN-2026-000003", "INV-2026-000007 of March 1, 2026", "$24.50", "Ada L."):
        assert said in written


def test_a_document_is_known_by_its_number_once_another_delivery_has_stored_it(invoicing: Invoicing) -> None:
    credit_note = invoicing.documents[1]
    stored, _ = invoicing.with_stored(credit_note.number)

    written = text_of(render_document(stored, credit_note, RECIPIENT))

    assert "CN-2026-000003" in written


def test_a_document_of_an_erased_shopper_says_that_the_name_was_deleted(invoicing: Invoicing) -> None:
    written = text_of(render_document(invoicing, invoicing.documents[0], []))

    assert ERASED_RECIPIENT[0] in written
    assert "Ada L." not in written


@pytest.mark.parametrize(
    ("prices", "total", "said"), [("EXCLUSIVE", 6214, "HST 13%"), ("INCLUSIVE", 5499, "including HST 13%")]
)
def test_invoice_and_credit_note_name_the_tax_by_rate(prices: PriceKind, total: int, said: str) -> None:
    lamp = TaxAmount(name="HST 13%", rate=13_000, base=Money(amount=4900), amount=Money(amount=637))
    delivery = TaxAmount(name="HST 13%", rate=13_000, base=Money(amount=599), amount=Money(amount=78))
    tax = OrderTax.of(prices, [LineTax(product_id="lamp", taxes=[lamp])], [delivery], "USD")
    order = an_order().model_copy(update={"tax": tax, "total": Money(amount=total)})
    order.require_sum()
    known = Invoicing(order_id="order-1", user_id="ada").with_invoice(order, "INV-2026-000007", NOON, NOON)
    back = with_amounts(lamp, Money(amount=2450), Money(amount=319))
    refund = Refund(amount=Money(amount=2769), tax=[back], refunded_at=NOON)
    known = known.with_refund("r", refund).with_credit_note("r", "CN-2026-000003", NOON)

    invoice, note = (text_of(render_document(known, document, RECIPIENT)) for document in known.documents)

    for text in (said, "Without tax", "$54.99", "$7.15"):
        assert text in invoice
    for text in ("HST 13%", "$24.50", "$3.19", "$27.69"):
        assert text in note
    assert NO_TAX not in invoice + note


def test_an_invoice_without_tax_says_so(invoicing: Invoicing) -> None:
    assert NO_TAX in text_of(render_document(invoicing, invoicing.documents[0], RECIPIENT))

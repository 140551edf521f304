"""What the PDFs say."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from schemas.contract import Money
from schemas.order_number import order_number
from services.invoices.document_pdf import ERASED_RECIPIENT, render_document
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


def test_a_document_of_an_erased_shopper_says_that_the_name_was_deleted(invoicing: Invoicing) -> None:
    written = text_of(render_document(invoicing, invoicing.documents[0], []))

    assert ERASED_RECIPIENT[0] in written
    assert "Ada L." not in written

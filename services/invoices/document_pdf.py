"""What an invoice and a credit note say, as PDF."""

from documents.formatting import format_date, format_money
from documents.pdf import Column, PdfDocument
from documents.totals import order_totals
from schemas.contract import Line
from schemas.order_number import order_number
from schemas.tax import TaxAmount
from services.invoices.domain import DocumentKind, InvoicedOrder, Invoicing, IssuedDocument, Refund

ERASED_RECIPIENT = ["Name and address were deleted with the customer's account."]
LINE_COLUMNS = [
    Column("Quantity", share=3, numeric=True),
    Column("Product", share=10),
    Column("Price", share=4, numeric=True),
    Column("Amount", share=4, numeric=True),
]
TAXED_LINE_COLUMNS = [
    Column("Quantity", share=4, numeric=True),
    Column("Product", share=10),
    *LINE_COLUMNS[2:],
    Column("Tax", share=6),
]
RATE_COLUMNS = [
    Column("Rate", share=9),
    Column("Without tax", share=4, numeric=True),
    Column("Tax", share=4, numeric=True),
]
NO_TAX = "No sales tax and no VAT was collected for this order."


def render_document(invoicing: Invoicing, document: IssuedDocument, recipient: list[str]) -> bytes:
    """Return a document of an order as PDF. The same values give the same bytes.

    Parameters:
        invoicing: the documents of the order, among them its invoice.
        document: the one to render.
        recipient: name and address, a line each; none where they were erased.

    Raises ValueError where the order has no invoice.
    """
    order, invoice = invoicing.order, invoicing.invoice
    if order is None or invoice is None:
        raise ValueError(f"order {invoicing.order_id} has no invoice")
    if document.kind is DocumentKind.INVOICE:
        return _render_invoice(order, invoicing, document, recipient)
    # By its number: another delivery may have stored its PDF meanwhile.
    refund_id = next(key for key, note in invoicing.credit_notes.items() if note.number == document.number)
    refund = invoicing.refunds[refund_id]
    return _render_credit_note(order, invoice, document, refund, recipient)


def _render_invoice(
    order: InvoicedOrder, invoicing: Invoicing, document: IssuedDocument, recipient: list[str]
) -> bytes:
    pdf = PdfDocument(f"Invoice {document.number}", subject=f"Order {order_number(order.order_id)}")
    pdf.add_address(recipient or ERASED_RECIPIENT)
    pdf.add_facts(
        {
            "Invoice": document.number,
            "Date": format_date(document.issued_at),
            "Order": order_number(order.order_id),
            "Ordered": format_date(order.placed_at),
            **({"Sent": format_date(invoicing.shipped_at)} if invoicing.shipped_at else {}),
        }
    )
    if order.tax:
        rows = [[*_line_texts(line), _tax_names(order.tax.taxes_of(line.product_id))] for line in order.lines]
        pdf.add_table(TAXED_LINE_COLUMNS, rows)
    else:
        pdf.add_table(LINE_COLUMNS, [_line_texts(line) for line in order.lines])
    totals = order_totals(order.subtotal, order.shipping, document.total, order.tax)
    pdf.add_totals({label: format_money(amount) for label, amount in totals.items()})
    pdf.add_paragraph("Paid by card when the order was placed. Nothing is left to pay.")
    _add_taxes(pdf, order.tax.rates if order.tax else None)
    return pdf.render()


def _render_credit_note(
    order: InvoicedOrder, invoice: IssuedDocument, document: IssuedDocument, refund: Refund, recipient: list[str]
) -> bytes:
    pdf = PdfDocument(f"Credit note {document.number}", subject=f"Order {order_number(order.order_id)}")
    pdf.add_address(recipient or ERASED_RECIPIENT)
    pdf.add_facts(
        {
            "Credit note": document.number,
            "Date": format_date(document.issued_at),
            "For invoice": f"{invoice.number} of {format_date(invoice.issued_at)}",
            "Order": order_number(order.order_id),
        }
    )
    pdf.add_totals({"Invoice total": format_money(invoice.total), "Given back": format_money(document.total)})
    pdf.add_paragraph("The amount goes back to the card with which the order was paid.")
    if order.tax:
        _add_taxes(pdf, refund.tax)
    return pdf.render()


def _add_taxes(pdf: PdfDocument, rates: list[TaxAmount] | None) -> None:
    """Add the table of the taxes within an amount, or the sentence that there are none."""
    if not rates:
        pdf.add_paragraph(NO_TAX)
        return
    pdf.add_table(RATE_COLUMNS, [[rate.name, format_money(rate.base), format_money(rate.amount)] for rate in rates])


def _tax_names(taxes: list[TaxAmount]) -> str:
    return ", ".join(tax.name for tax in taxes) or "exempt"


def _line_texts(line: Line) -> list[str]:
    return [
        str(line.quantity),
        line.name,
        format_money(line.unit_price),
        format_money(line.unit_price * line.quantity),
    ]

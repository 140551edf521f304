"""What an invoice and a credit note say, as PDF."""

from documents.formatting import format_date, format_money
from documents.pdf import Column, PdfDocument
from schemas.contract import Line
from schemas.order_number import order_number
from services.invoices.domain import DocumentKind, InvoicedOrder, Invoicing, IssuedDocument

ERASED_RECIPIENT = ["Name and address were deleted with the customer's account."]
LINE_COLUMNS = [
    Column("Quantity", share=3, numeric=True),
    Column("Product", share=10),
    Column("Price", share=4, numeric=True),
    Column("Amount", share=4, numeric=True),
]


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
    return _render_credit_note(order, invoice, document, recipient)


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
    pdf.add_table(LINE_COLUMNS, [_line_texts(line) for line in order.lines])
    pdf.add_totals(
        {
            "Goods": format_money(order.subtotal),
            "Delivery": format_money(order.shipping),
            "Total": format_money(document.total),
        }
    )
    pdf.add_paragraph("Paid by card when the order was placed. Nothing is left to pay.")
    pdf.add_paragraph("Sales tax is included where we have to collect it.")
    return pdf.render()


def _render_credit_note(
    order: InvoicedOrder, invoice: IssuedDocument, document: IssuedDocument, recipient: list[str]
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
    return pdf.render()


def _line_texts(line: Line) -> list[str]:
    return [
        str(line.quantity),
        line.name,
        format_money(line.unit_price),
        format_money(line.unit_price * line.quantity),
    ]

"""Invoices: an order of which a parcel left has one, over its total, and a credit note for each refund."""

from collections.abc import Iterator

from audit.difference import Difference, shown
from audit.ledger import OrderRecords
from schemas.contract import Money


def invoice_differences(records: OrderRecords) -> Iterator[Difference]:
    """Yield what differs between an order and the documents that the journal tells of.

    Parameters:
        records: of the order.
    """
    for kind, sentence in (*_invoice(records), *_credit_notes(records)):
        yield Difference(kind, f"Order {records.order_id}: {sentence}", order_id=records.order_id)


def _invoice(records: OrderRecords) -> Iterator[tuple[str, str]]:
    order, invoices = records.order, records.facts_of("InvoiceIssued")
    if order is None:
        return
    # Of an erased shopper's order no document is told: there is nobody to tell it to.
    if records.facts_of("OrderShipped") and not invoices and not order.is_erased:
        yield "INVOICE_MISSING", "a parcel left, and there is no invoice."
    if len(invoices) > 1:
        numbers = ", ".join(fact.data["invoiceNumber"] for fact in invoices)
        yield "INVOICED_TWICE", f"it has the invoices {numbers}."
    for fact in invoices:
        number, total = fact.data["invoiceNumber"], Money.model_validate(fact.data["total"])
        if total != order.total:
            yield (
                "INVOICE_DIFFERS",
                f"invoice {number} is over {shown(total)}, the order over {shown(order.total)}.",
            )


def _credit_notes(records: OrderRecords) -> Iterator[tuple[str, str]]:
    notes, refunds = records.facts_of("CreditNoteIssued"), records.facts_of("OrderRefunded")
    if records.order is None or records.order.is_erased or not records.facts_of("InvoiceIssued"):
        return
    credited = sum(fact.data["amount"]["amount"] for fact in notes)
    refunded = sum(fact.data["amount"]["amount"] for fact in refunds)
    if credited < refunded:
        said = f"{shown(records.money(refunded))} were refunded, and {shown(records.money(credited))} credited."
        yield "CREDIT_NOTE_MISSING", said

"""Events of the invoices service. They are raised once the PDF is stored, so that it can be had when they arrive."""

from typing import Annotated

from pydantic import StringConstraints

from schemas.contract import Identifier, Money, Timestamp
from schemas.event import Event

DocumentNumber = Annotated[str, StringConstraints(pattern=r"^(INV|CN)-\d{4}-\d{6,}$")]
"""The number of an invoice (INV) or a credit note (CN): series, year, and a counter without gaps."""


class InvoiceIssued(Event, aggregate="order_id"):
    """The first parcel of an order left, and the invoice of the whole order can be had."""

    order_id: Identifier
    user_id: Identifier
    invoice_number: DocumentNumber
    total: Money
    issued_at: Timestamp


class CreditNoteIssued(Event, aggregate="order_id"):
    """Money of an invoiced order was given back, and the credit note of it can be had."""

    order_id: Identifier
    user_id: Identifier
    credit_note_number: DocumentNumber
    invoice_number: DocumentNumber
    amount: Money
    issued_at: Timestamp

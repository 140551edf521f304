"""The rules of invoices: which documents an order has, their numbers, and what they say. No AWS."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from documents.formatting import shop_year
from schemas.contract import Contract, Identifier, Line, Money, Timestamp
from schemas.event import Event
from schemas.invoices import CreditNoteIssued, DocumentNumber, InvoiceIssued
from schemas.tax import OrderTax, TaxAmount, total_with_tax


class DocumentKind(StrEnum):
    """What a document is."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"


PREFIXES = {DocumentKind.INVOICE: "INV", DocumentKind.CREDIT_NOTE: "CN"}


class InvoiceMismatchError(ValueError):
    """An event contradicts what is invoiced; the text says in what."""


class InvoicedOrder(Contract):
    """An order as it is invoiced: as it was paid, whatever is refunded later.

    Raises InvoiceMismatchError by ``require_sum`` where its amounts do not add up.
    """

    order_id: Identifier
    lines: list[Line]
    subtotal: Money
    shipping: Money
    tax: OrderTax | None = None
    total: Money
    placed_at: Timestamp

    def require_sum(self) -> None:
        """Check that lines, delivery and tax are the total, in one currency; raises InvoiceMismatchError."""
        zero = Money(amount=0, currency=self.total.currency)
        try:
            subtotal = sum((line.unit_price * line.quantity for line in self.lines), start=zero)
            total = total_with_tax(subtotal, self.shipping, self.tax)
            adds_up = (self.subtotal, self.total) == (subtotal, total) and (not self.tax or self.tax.adds_up)
        except ValueError as error:
            raise InvoiceMismatchError(f"the amounts of order {self.order_id} have several currencies") from error
        if not adds_up:
            raise InvoiceMismatchError(f"the amounts of order {self.order_id} do not add up")


class IssuedDocument(Contract):
    """A document with its number.

    Attributes:
        total: what is charged, or given back.
        is_stored: whether its PDF is in the bucket.
    """

    number: DocumentNumber
    kind: DocumentKind
    issued_at: Timestamp
    total: Money
    is_stored: bool = False


class Refund(Contract):
    """Money that was given back for the order, and the tax within it by rate."""

    amount: Money
    tax: list[TaxAmount] | None = None
    refunded_at: Timestamp


class Invoicing(Contract):
    """The documents of an order, immutable: each rule returns the documents after a change.

    Attributes:
        user_id: its shopper; None once they were erased.
        order: as invoiced; None before there is an invoice.
        shipped_at: when its first parcel left.
        refunds: by the id of the event that told of them, also those of before the invoice.
        credit_notes: by the same ids.
        sequence: counts the changes.
    """

    order_id: Identifier
    user_id: Identifier | None
    order: InvoicedOrder | None = None
    shipped_at: Timestamp | None = None
    invoice: IssuedDocument | None = None
    refunds: dict[str, Refund] = {}
    credit_notes: dict[str, IssuedDocument] = {}
    sequence: int = 0

    @property
    def documents(self) -> list[IssuedDocument]:
        """The invoice and the credit notes, in the order of their issue."""
        credit_notes = sorted(self.credit_notes.values(), key=lambda document: document.number)
        return [*([self.invoice] if self.invoice else []), *credit_notes]

    @property
    def refunds_without_credit_note(self) -> list[str]:
        """The ids of refunds for which a credit note is due, the oldest first; none before the invoice."""
        if self.invoice is None:
            return []
        due = [refund_id for refund_id in self.refunds if refund_id not in self.credit_notes]
        return sorted(due, key=lambda refund_id: (self.refunds[refund_id].refunded_at, refund_id))

    def require_owner(self, user_id: str) -> None:
        """Check that an event is of this order's shopper; raises InvoiceMismatchError. An erased one is anybody."""
        if self.user_id not in (None, user_id):
            raise InvoiceMismatchError(f"order {self.order_id} is another shopper's")

    def with_invoice(self, order: InvoicedOrder, number: str, shipped_at: datetime, at: datetime) -> Self:
        """Return the documents with the invoice of the whole order.

        Parameters:
            order: as it was paid.
            number: of the invoice.
            shipped_at: when the first parcel left.
            at: now.
        """
        invoice = IssuedDocument(number=number, kind=DocumentKind.INVOICE, issued_at=at, total=order.total)
        return self._changed(order=order, shipped_at=shipped_at, invoice=invoice)

    def with_refund(self, refund_id: str, refund: Refund) -> Self:
        """Return the documents with a refund. A credit note follows where there is an invoice, or once there is one.

        Raises InvoiceMismatchError for more than was invoiced, or another currency.
        """
        if self.order is not None:
            left = self.order.total.amount - sum(earlier.amount.amount for earlier in self.refunds.values())
            if refund.amount.currency != self.order.total.currency or refund.amount.amount > left:
                raise InvoiceMismatchError(f"{left} minor units of order {self.order_id} are left to give back")
        return self._changed(refunds={**self.refunds, refund_id: refund})

    def with_credit_note(self, refund_id: str, number: str, at: datetime) -> Self:
        """Return the documents with the credit note of a refund."""
        note = IssuedDocument(
            number=number, kind=DocumentKind.CREDIT_NOTE, issued_at=at, total=self.refunds[refund_id].amount
        )
        return self._changed(credit_notes={**self.credit_notes, refund_id: note})

    def with_stored(self, number: str) -> "InvoicingChange":
        """Return the documents after the PDF of one was stored, and the event that it can be had.

        Without an event where its shopper was erased: there is nobody to tell.
        """
        stored = next(document for document in self.documents if document.number == number)
        done = stored.model_copy(update={"is_stored": True})
        if stored.kind is DocumentKind.INVOICE:
            after = self._changed(invoice=done)
        else:
            after = self._changed(
                credit_notes={key: done if note == stored else note for key, note in self.credit_notes.items()}
            )
        return after, self._told(done)

    def _told(self, document: IssuedDocument) -> Event | None:
        if self.user_id is None or self.invoice is None:
            return None
        if document.kind is DocumentKind.INVOICE:
            return InvoiceIssued(
                order_id=self.order_id,
                user_id=self.user_id,
                invoice_number=document.number,
                total=document.total,
                issued_at=document.issued_at,
            )
        return CreditNoteIssued(
            order_id=self.order_id,
            user_id=self.user_id,
            credit_note_number=document.number,
            invoice_number=self.invoice.number,
            amount=document.total,
            issued_at=document.issued_at,
        )

    def _changed(self, **values: object) -> Self:
        return self.model_copy(update={**values, "sequence": self.sequence + 1})


def series_of(kind: DocumentKind, at: datetime) -> str:
    """Return the series in which a document is counted: its kind and the year, by the shop's clock.

    Parameters:
        kind: of the document.
        at: when it is issued.
    """
    return f"{PREFIXES[kind]}-{shop_year(at)}"


def document_number(series: str, count: int) -> str:
    """Return the number of the document that is the ``count``-th of its series, such as ``INV-2026-000042``."""
    return f"{series}-{count:06}"


InvoicingChange = tuple[Invoicing, Event | None]
"""The documents of an order after a change, and the event of the change, if any."""

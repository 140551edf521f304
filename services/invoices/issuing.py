"""Issues the documents that an order lacks, and stores their PDFs. Whatever was done before is not done again."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bus.erased_users import ErasedUsers
from bus.log import logger
from services.invoices.document_files import DocumentFiles
from services.invoices.domain import (
    DocumentKind,
    InvoicedOrder,
    Invoicing,
    InvoicingChange,
    IssuedDocument,
    Refund,
)
from services.invoices.order_reader import OrderReader
from services.invoices.store import ErasedMeanwhileError, InvoiceStore

Renderer = Callable[[Invoicing, IssuedDocument, list[str]], bytes]


class UnknownOrderError(LookupError):
    """Orders does not know the order, though it has told of it: the event has to be delivered again."""


class Issuing:
    """Makes invoices and credit notes.

    Parameters:
        store: the documents.
        files: their PDFs.
        orders: reads orders.
        erased_users: the tombstones of erased shoppers.
        renderer: makes a PDF; loaded when it is used.
    """

    def __init__(
        self,
        store: InvoiceStore,
        files: DocumentFiles,
        orders: OrderReader,
        erased_users: Callable[[], ErasedUsers],
        renderer: Renderer | None = None,
    ) -> None:
        self._store = store
        self._files = files
        self._orders = orders
        self._erased_users = erased_users
        self._renderer = renderer

    def invoice(self, order_id: str, user_id: str, shipped_at: datetime) -> None:
        """Issue the invoice of an order whose first parcel left, and the credit notes of earlier refunds. Idempotent.

        Parameters:
            order_id: the order.
            user_id: its shopper.
            shipped_at: when the parcel left.

        Raises InvoiceMismatchError where the order is another shopper's or does not add up, UnknownOrderError, and what
        may pass, so that it is delivered again.
        """
        known = self._known(order_id, user_id)
        if known.invoice is None:
            order = self._orders.find(order_id, user_id)
            if order is None:
                raise UnknownOrderError(order_id)
            order.require_sum()
            known = self._store.issue(known, DocumentKind.INVOICE, partial(_invoiced, order, shipped_at))
        self._complete(known, user_id)

    def record_refund(self, order_id: str, user_id: str, refund_id: str, refund: Refund) -> None:
        """Record a refund, and issue its credit note where the order is invoiced. Idempotent.

        Parameters:
            order_id: the order.
            user_id: its shopper.
            refund_id: identifies the refund.
            refund: what was given back.

        Raises as `invoice`.
        """
        known = self._known(order_id, user_id)
        change = partial(_refunded, refund_id, refund)
        try:
            known = self._store.update(known, change)
        except ErasedMeanwhileError:
            known = self._store.update(known.model_copy(update={"user_id": None}), change)
        self._complete(known, user_id)

    def erase(self, user_id: str) -> None:
        """Make a person's documents anew without their name and address, and forget whose they were. Idempotent."""
        for invoicing in self._store.iter_by_user(user_id):
            for document in invoicing.documents:
                self._files.store(document.number, self._render(invoicing, document, []))
            self._store.remove_user(invoicing.order_id)

    def _known(self, order_id: str, user_id: str) -> Invoicing:
        """Return the documents of an order, or new ones; raises InvoiceMismatchError for another shopper's."""
        known = self._store.find(order_id)
        if known is None:
            return Invoicing(order_id=order_id, user_id=None if self._erased_users().includes(user_id) else user_id)
        known.require_owner(user_id)
        return known

    def _complete(self, known: Invoicing, user_id: str) -> None:
        """Issue the credit notes that are due, and store the PDFs that are missing."""
        for refund_id in known.refunds_without_credit_note:
            known = self._store.issue(known, DocumentKind.CREDIT_NOTE, partial(_credited, refund_id))
        missing = [document for document in known.documents if not document.is_stored]
        if not missing:
            return
        recipient = [] if self._is_erased(known) else self._orders.recipient(known.order_id, user_id)
        for document in missing:
            # With the first document it may turn out that the shopper was erased meanwhile.
            known = self._store_pdf(known, document, [] if known.user_id is None else recipient)

    def _store_pdf(self, known: Invoicing, document: IssuedDocument, recipient: list[str]) -> Invoicing:
        self._files.store(document.number, self._render(known, document, recipient))
        try:
            return self._store.update(known, partial(_stored, document.number, is_named=bool(recipient)))
        except ErasedMeanwhileError:
            logger.info("the shopper was erased meanwhile", document=document.number)
            self._files.store(document.number, self._render(known, document, []))
            self._store.remove_user(known.order_id)
            return self._store.update(known, partial(_stored, document.number, is_named=False))

    def _is_erased(self, known: Invoicing) -> bool:
        return known.user_id is None or self._erased_users().includes(known.user_id)

    def _render(self, known: Invoicing, document: IssuedDocument, recipient: list[str]) -> bytes:
        if self._renderer is None:
            from services.invoices.document_pdf import render_document

            self._renderer = render_document
        return self._renderer(known, document, recipient)


def _invoiced(
    order: InvoicedOrder, shipped_at: datetime, current: Invoicing, number: str, at: datetime
) -> Invoicing | None:
    return None if current.invoice else current.with_invoice(order, number, shipped_at, at)


def _credited(refund_id: str, current: Invoicing, number: str, at: datetime) -> Invoicing | None:
    return None if refund_id in current.credit_notes else current.with_credit_note(refund_id, number, at)


def _refunded(refund_id: str, refund: Refund, current: Invoicing) -> tuple[Invoicing, None] | None:
    return None if refund_id in current.refunds else (current.with_refund(refund_id, refund), None)


def _stored(number: str, current: Invoicing, *, is_named: bool) -> InvoicingChange | None:
    """Return the documents after the PDF of one was stored; raises ErasedMeanwhileError where it must name nobody."""
    if is_named and current.user_id is None:
        raise ErasedMeanwhileError(current.order_id)
    is_stored = any(document.is_stored for document in current.documents if document.number == number)
    return None if is_stored else current.with_stored(number)

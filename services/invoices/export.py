"""The export command of invoices: the documents of a person, page by page, for identity's export."""

from bus.command import command
from schemas.commands import ExportInput
from schemas.contract import Contract, Identifier, Money, Timestamp
from services.invoices.dependencies import store
from services.invoices.domain import DocumentKind


class ExportedDocument(Contract):
    """A document. Its PDF, which has the recipient's name and address, is at the order."""

    order_id: Identifier
    number: str
    kind: DocumentKind
    issued_at: Timestamp
    total: Money


class InvoicesExport(Contract):
    """A page of the documents of a person."""

    documents: list[ExportedDocument]
    next_cursor: str | None = None


def _export(given: ExportInput) -> InvoicesExport:
    page, next_cursor = store().pages_of_user(given.user_id, given.cursor)
    documents = [
        ExportedDocument(
            order_id=invoicing.order_id,
            **document.model_dump(include={"number", "kind", "issued_at", "total"}, by_alias=False),
        )
        for invoicing in page
        for document in invoicing.documents
    ]
    return InvoicesExport(documents=documents, next_cursor=next_cursor)


export = command(_export, ExportInput)

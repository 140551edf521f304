"""HTTP routes of invoices: the documents of an order."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from bus.http import Api
from schemas.contract import Contract, Money, Timestamp
from services.invoices.dependencies import files, store
from services.invoices.domain import DocumentKind, IssuedDocument

api = Api()
app = api.app


class DocumentView(Contract):
    """An invoice or a credit note."""

    number: str
    kind: DocumentKind
    issued_at: Timestamp
    total: Money = Field(description="What is charged, or given back.")
    url: str = Field(description="Of the PDF, valid for five minutes.")

    @classmethod
    def of(cls, document: IssuedDocument) -> "DocumentView":
        """Return the view of a document that is stored, with a new link."""
        return cls(
            number=document.number,
            kind=document.kind,
            issued_at=document.issued_at,
            total=document.total,
            url=files().link(document.number),
        )


class DocumentList(Contract):
    """The documents of an order: its invoice first, then its credit notes. There are few, so there are no pages."""

    items: list[DocumentView]


@app.get("/api/orders/<order_id>/invoices", tags=["invoices"])
def list_documents(order_id: Annotated[str, Path(max_length=128)]) -> DocumentList:
    """List the invoice and the credit notes of an order; staff those of any.

    There are none before the first parcel left. Another's order has none, like one that does not exist.
    """
    caller = api.caller()
    found = store().find(order_id)
    if found is None or not (caller.is_staff or caller.user_id == found.user_id):
        return DocumentList(items=[])
    return DocumentList(items=[DocumentView.of(document) for document in found.documents if document.is_stored])

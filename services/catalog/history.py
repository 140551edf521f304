"""Who changed a product, when, and what: the lines that staff reads. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from schemas.catalog import ProductCreated, ProductDeleted, ProductSnapshot
from schemas.contract import Contract, Timestamp

if TYPE_CHECKING:
    from services.catalog.domain import ProductChange

MAX_LINES = 50
"""Lines that are kept with a product: with them it stays far below what an item may hold."""
_CATALOGS_OWN = frozenset({"product_id", "created_at", "updated_at"})


class HistoryLine(Contract):
    """One change of a product.

    Attributes:
        by: user id of the member of staff; None where it is not known. Never a name: it is asked for when it is shown.
        fields: names of the fields that have another value since; of a changed product only.
    """

    at: Timestamp
    what: Literal["CREATED", "CHANGED", "DELETED"]
    by: str | None = None
    fields: list[str] = Field(default=[])


def history_after(change: "ProductChange", before: Sequence[HistoryLine], author: str | None) -> list[HistoryLine]:
    """Return the history of a product after a change, the oldest line first, at most MAX_LINES.

    Parameters:
        change: what is written.
        before: its history so far.
        author: user id of who makes the change.
    """
    event = change.event
    if isinstance(event, ProductDeleted):
        line = HistoryLine(at=event.deleted_at, what="DELETED", by=author)
    elif isinstance(event, ProductCreated):
        line = HistoryLine(at=event.product.updated_at, what="CREATED", by=author)
    elif event is not None:
        line = HistoryLine(at=event.product.updated_at, what="CHANGED", by=author, fields=changed_fields(change))
    else:
        return list(before)
    return [*before, line][-MAX_LINES:]


def changed_fields(change: "ProductChange") -> list[str]:
    """Return the names of the fields that a change gives another value, as the API spells them."""
    before = change.before.product if change.before else None
    if before is None or change.after is None:
        return []
    return [
        field.alias or name
        for name, field in ProductSnapshot.model_fields.items()
        if name not in _CATALOGS_OWN and getattr(before, name) != getattr(change.after, name)
    ]

"""The bulk import: reads rows, creates and replaces products, and tells of each row what became of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field

from bus.contention import ContendedError
from schemas.catalog import ProductCreated
from schemas.contract import Contract
from services.catalog.domain import Change, create_or_replace
from services.catalog.rows import BadRowError, Row, read_row
from services.catalog.store import CatalogStore
from services.catalog.writing import carried_out, planned

MAX_ROWS = 500
Outcome = Literal["CREATED", "UPDATED", "UNCHANGED"]


class UnreadableRowsError(ValueError):
    """What was sent is not a list of rows; the text says why."""


class ImportedRow(Contract):
    """A row that is, or in a dry run would be, in the catalog."""

    row: int = Field(description="Its place in the array, from 1.")
    product_id: str
    outcome: Outcome


class RejectedRow(Contract):
    """A row of which nothing was taken."""

    row: int = Field(description="Its place in the array, from 1.")
    product_id: str | None = None
    errors: list[str] = Field(description="All that is wrong with it, each as ``field: what is wrong``.")


class ImportReport(Contract):
    """What became of the rows."""

    created: int
    updated: int
    unchanged: int
    rejected: list[RejectedRow]
    imported: list[ImportedRow]
    ignored_fields: list[str] = Field(description="Names in the rows that mean nothing to the catalog.")


class ImportInterruptedError(Exception):
    """The import ended before its time; ``report`` tells of the rows that were written."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("the import was interrupted")
        self.report = report


def rows_of(body: str) -> list[Any]:
    """Return the rows of a request's body, numbers with decimals as the text that was sent: no float exists.

    Raises UnreadableRowsError.
    """
    try:
        rows = json.loads(body, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise UnreadableRowsError("The body is not JSON.") from None
    if not isinstance(rows, list):
        raise UnreadableRowsError("The body is not an array of rows.")
    if len(rows) > MAX_ROWS:
        raise UnreadableRowsError(f"These are {len(rows)} rows; send at most {MAX_ROWS} at once.")
    return rows


def import_rows(store: CatalogStore, rows: Sequence[object], now: datetime, dry_run: bool = False) -> ImportReport:
    """Create or replace the product of each row. The same rows again change nothing.

    Parameters:
        store: the catalog.
        rows: as ``rows_of`` returns them.
        now: the time of all changes.
        dry_run: tell what would become of the rows, and write nothing.

    Raises ImportInterruptedError where the tables fail before the end.
    """
    readable, rejected, ignored = _read(rows)
    decisions = {
        product_id: partial(create_or_replace, product_id, row.product, row.product.initial_stock, now)
        for product_id, (_, row) in readable.items()
    }
    settled: list[Change] = []
    try:
        for change in planned(store, decisions) if dry_run else carried_out(store, decisions):
            settled.append(change)  # noqa: PERF402 - a fault midway must leave what came before it
    except (ClientError, BotoCoreError, ContendedError) as fault:
        raise ImportInterruptedError(_report(settled, readable, rejected, ignored)) from fault
    return _report(settled, readable, rejected, ignored)


Readable = Mapping[str, tuple[int, Row]]


def _read(rows: Sequence[object]) -> tuple[Readable, list[RejectedRow], set[str]]:
    readable: dict[str, tuple[int, Row]] = {}
    rejected: list[RejectedRow] = []
    ignored: set[str] = set()
    for number, given in enumerate(rows, start=1):
        try:
            row = read_row(given)
        except BadRowError as error:
            rejected.append(RejectedRow(row=number, product_id=error.product_id, errors=error.errors))
            ignored.update(error.ignored)
            continue
        ignored.update(row.ignored)
        if row.product_id in readable:
            first = readable[row.product_id][0]
            errors = [f"productId: row {first} is the same product"]
            rejected.append(RejectedRow(row=number, product_id=row.product_id, errors=errors))
        else:
            readable[row.product_id] = number, row
    return readable, rejected, ignored


def _report(
    changes: Sequence[Change], readable: Readable, rejected: list[RejectedRow], ignored: set[str]
) -> ImportReport:
    imported = [
        ImportedRow(row=readable[change.product_id][0], product_id=change.product_id, outcome=_outcome(change))
        for change in changes
    ]
    outcomes = [entry.outcome for entry in imported]
    return ImportReport(
        created=outcomes.count("CREATED"),
        updated=outcomes.count("UPDATED"),
        unchanged=outcomes.count("UNCHANGED"),
        rejected=rejected,
        imported=sorted(imported, key=lambda entry: entry.row),
        ignored_fields=sorted(ignored),
    )


def _outcome(change: Change) -> Outcome:
    if change.event is None:
        return "UNCHANGED"
    return "CREATED" if isinstance(change.event, ProductCreated) else "UPDATED"

"""The bulk import: parses rows, creates and replaces products, and reports the outcome of each row."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field

from bus.optimistic_locking import RetriesExhaustedError
from schemas.catalog import ProductCreated
from schemas.contract import Contract
from services.catalog.decisions import apply_decisions, plan_decisions
from services.catalog.domain import ProductChange, ProductIdTakenError, ProductRecord, create_or_replace
from services.catalog.product_ids import AssignedRow, Assignment, assign_product_ids
from services.catalog.row_parser import InvalidRowError, ParsedRow, parse_row
from services.catalog.store import CatalogStore

MAX_ROWS = 500
Outcome = Literal["CREATED", "UPDATED", "UNCHANGED"]


class InvalidImportError(ValueError):
    """The body of an import is not a list of rows; the text says why."""


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


class RowNote(Contract):
    """What staff should know of a row that is in the catalog."""

    row: int = Field(description="Its place in the array, from 1.")
    product_id: str
    note: str


class ImportReport(Contract):
    """What became of the rows."""

    created: int
    updated: int
    unchanged: int
    rejected: list[RejectedRow]
    imported: list[ImportedRow]
    ignored_fields: list[str] = Field(description="Names in the rows that mean nothing to the catalog.")
    notes: list[RowNote] = Field(default=[], description="What was decided about rows that are imported.")


class ImportInterruptedError(Exception):
    """The import failed before its end; ``report`` has the rows that were written."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("the import was interrupted")
        self.report = report


def parse_body(body: str) -> list[Any]:
    """Return the rows of a request's body, numbers with decimals as the text that was sent: no float exists.

    Raises InvalidImportError for a body that is no JSON array or has more than MAX_ROWS rows.
    """
    try:
        rows = json.loads(body, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise InvalidImportError("The body is not JSON.") from None
    if not isinstance(rows, list):
        raise InvalidImportError("The body is not an array of rows.")
    if len(rows) > MAX_ROWS:
        raise InvalidImportError(f"These are {len(rows)} rows; send at most {MAX_ROWS} at once.")
    return rows


def import_rows(store: CatalogStore, rows: Sequence[object], now: datetime, dry_run: bool = False) -> ImportReport:
    """Create or replace the product of each row. Idempotent: the same rows again change nothing.

    Parameters:
        store: the catalog.
        rows: as returned by ``parse_body``.
        now: the time of all changes.
        dry_run: report what an import would do, and write nothing.

    Raises ImportInterruptedError if the tables fail before the end.
    """
    parsed, rejected, ignored = _parse_rows(rows)
    assignment = assign_product_ids(parsed, store.get_records)
    rejected += [
        RejectedRow(row=number, product_id=product_id, errors=[f"productId: row {first} is the same product"])
        for number, (product_id, first) in assignment.repeated.items()
    ]
    rejected.sort(key=lambda row: row.row)
    decisions = {
        product_id: partial(_create_or_replace, product_id, assigned.row, now)
        for product_id, assigned in assignment.rows.items()
    }
    records = {product_id: row.record for product_id, row in assignment.rows.items() if row.record is not None}
    written: list[ProductChange] = []
    try:
        for change in (
            plan_decisions(store, decisions, records) if dry_run else apply_decisions(store, decisions, records=records)
        ):
            written.append(change)  # noqa: PERF402 - a failure midway must keep the changes before it
    except (ClientError, BotoCoreError, RetriesExhaustedError, ProductIdTakenError) as error:
        raise ImportInterruptedError(_report(written, assignment, rejected, ignored)) from error
    return _report(written, assignment, rejected, ignored)


def _create_or_replace(product_id: str, row: ParsedRow, now: datetime, record: ProductRecord | None) -> ProductChange:
    # Decided again after a conflict: by then another product may have been stored under the id.
    if record and record.product and not row.identity.is_of(row.product, record.product):
        raise ProductIdTakenError(product_id)
    return create_or_replace(product_id, row.product, row.product.initial_stock, now, record)


def _parse_rows(rows: Sequence[object]) -> tuple[dict[int, ParsedRow], list[RejectedRow], set[str]]:
    parsed: dict[int, ParsedRow] = {}
    rejected: list[RejectedRow] = []
    ignored: set[str] = set()
    for number, raw in enumerate(rows, start=1):
        try:
            row = parsed[number] = parse_row(raw)
            ignored.update(row.ignored)
        except InvalidRowError as error:
            rejected.append(RejectedRow(row=number, product_id=error.product_id, errors=error.errors))
            ignored.update(error.ignored)
    return parsed, rejected, ignored


def _report(
    changes: Sequence[ProductChange], assignment: Assignment, rejected: list[RejectedRow], ignored: set[str]
) -> ImportReport:
    imported = [
        ImportedRow(
            row=assignment.rows[change.product_id].number, product_id=change.product_id, outcome=_outcome(change)
        )
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
        notes=[note for change in changes for note in _notes(change, assignment.rows[change.product_id])],
    )


def _notes(change: ProductChange, assigned: AssignedRow) -> list[RowNote]:
    if assigned.taken_by is None:
        return []
    wanted = assigned.row.identity.product_id
    text = f"the id {wanted} belongs to another product, {assigned.taken_by!r}; this one is {change.product_id}"
    return [RowNote(row=assigned.number, product_id=change.product_id, note=text)]


def _outcome(change: ProductChange) -> Outcome:
    if change.event is None:
        return "UNCHANGED"
    return "CREATED" if isinstance(change.event, ProductCreated) else "UPDATED"

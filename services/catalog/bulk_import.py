"""The bulk import: parses rows, creates and replaces products, and reports the outcome of each row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from io import BytesIO
from itertools import islice

from botocore.exceptions import BotoCoreError, ClientError

from bus.optimistic_locking import RetriesExhaustedError
from schemas.catalog import ProductCreated
from services.catalog.decisions import apply_decisions, plan_decisions
from services.catalog.domain import ProductChange, ProductIdTakenError, ProductRecord, create_or_replace
from services.catalog.import_report import (
    ImportedRow,
    ImportInterruptedError,
    ImportReport,
    InvalidImportError,
    LeftOutColumn,
    LeftOutRow,
    Outcome,
    RejectedRow,
    RowNote,
)
from services.catalog.pictures import addresses_to_fetch, notes_of_missing, with_stored_pictures
from services.catalog.product_file import rows as rows_of_file
from services.catalog.product_file.reader import ProductFile, read_product_file
from services.catalog.product_file.rows import UnreadableFileError
from services.catalog.product_ids import AssignedRow, Assignment, assign_product_ids
from services.catalog.row_parser import InvalidRowError, ParsedRow, parse_row
from services.catalog.store import CatalogStore

MAX_ROWS = 500
FetchPictures = Callable[[Sequence[str]], Mapping[str, str]]
"""Stores pictures by their addresses, and returns why some are not stored."""


def parse_body(body: bytes) -> ProductFile:
    """Return the products of a request's body: a JSON array of rows, or a file in one of the layouts that are known.

    Numbers with decimals are the text that was sent: no float exists.

    Raises InvalidImportError for a body that cannot be read, or has more than MAX_ROWS rows.
    """
    try:
        file = read_product_file(BytesIO(body))
        rows = list(islice(file.rows(), MAX_ROWS + 1))
    except UnreadableFileError as error:
        raise InvalidImportError(f"The body cannot be read: {error}.") from None
    if len(rows) > MAX_ROWS:
        raise InvalidImportError(f"These are more than {MAX_ROWS} rows; send at most {MAX_ROWS} at once.")
    return replace(file, rows=lambda: iter(rows))


def import_products(
    store: CatalogStore,
    file: ProductFile,
    now: datetime,
    dry_run: bool = False,
    fetch_pictures: FetchPictures | None = None,
) -> ImportReport:
    """Create or replace the product of each row. Idempotent: the same rows again change nothing.

    Parameters:
        store: the catalog.
        file: as returned by ``parse_body``.
        now: the time of all changes.
        dry_run: report what an import would do, and write nothing.
        fetch_pictures: stores the pictures of other hosts; None takes them for stored, as a dry run does.

    Raises ImportInterruptedError if the tables fail before the end.
    """
    told = _Told()
    parsed = _parse_rows(file, told)
    assignment = assign_product_ids(parsed, store.get_records)
    for number, (product_id, first) in assignment.repeated.items():
        told.reject(number, product_id, [f"productId: row {first} is the same product"])
    records = {product_id: row.record for product_id, row in assignment.rows.items() if row.record is not None}
    written: list[ProductChange] = []
    try:
        missing = {} if dry_run or fetch_pictures is None else fetch_pictures(_pictures_to_fetch(assignment))
        decisions = {
            product_id: partial(_create_or_replace, product_id, _with_pictures(assigned, missing, told), now)
            for product_id, assigned in assignment.rows.items()
        }
        for change in (
            plan_decisions(store, decisions, records) if dry_run else apply_decisions(store, decisions, records=records)
        ):
            written.append(change)  # noqa: PERF402 - a failure midway must keep the changes before it
    except (ClientError, BotoCoreError, RetriesExhaustedError, ProductIdTakenError) as error:
        raise ImportInterruptedError(_report(file, written, assignment, told)) from error
    return _report(file, written, assignment, told)


def _pictures_to_fetch(assignment: Assignment) -> list[str]:
    return [
        address
        for assigned in assignment.rows.values()
        for address in addresses_to_fetch(assigned.row.product, assigned.record.product if assigned.record else None)
    ]


def _with_pictures(assigned: AssignedRow, missing: Mapping[str, str], told: "_Told") -> ParsedRow:
    product = assigned.row.product
    told.notes.setdefault(assigned.number, []).extend(notes_of_missing(product, missing))
    return replace(assigned.row, product=with_stored_pictures(product, missing))


@dataclass(slots=True)
class _Told:
    """What is known of the rows before they are written."""

    rejected: list[RejectedRow] = field(default_factory=list)
    left_out: list[LeftOutRow] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)
    notes: dict[int, list[str]] = field(default_factory=dict)

    def reject(self, number: int, product_id: str | None, errors: list[str]) -> None:
        self.rejected.append(RejectedRow(row=number, product_id=product_id, errors=errors))


def _create_or_replace(product_id: str, row: ParsedRow, now: datetime, record: ProductRecord | None) -> ProductChange:
    # Decided again after a conflict: by then another product may have been stored under the id.
    if record and record.product and not row.identity.is_of(row.product, record.product):
        raise ProductIdTakenError(product_id)
    return create_or_replace(product_id, row.product, row.product.initial_stock, now, record)


def _parse_rows(file: ProductFile, told: _Told) -> dict[int, ParsedRow]:
    parsed: dict[int, ParsedRow] = {}
    for given in file.rows():
        if isinstance(given, rows_of_file.LeftOutRow):
            told.left_out.append(LeftOutRow(row=given.number, reason=given.reason))
            continue
        try:
            row = parsed[given.number] = parse_row(given.values)
        except InvalidRowError as error:
            told.reject(given.number, error.product_id, error.errors)
            told.ignored.update(error.ignored)
        else:
            told.ignored.update(row.ignored)
            told.notes[given.number] = [*given.notes, *row.notes]
    return parsed


def _report(file: ProductFile, changes: Sequence[ProductChange], assignment: Assignment, told: _Told) -> ImportReport:
    imported = [
        ImportedRow(
            row=assignment.rows[change.product_id].number, product_id=change.product_id, outcome=_outcome(change)
        )
        for change in changes
    ]
    outcomes = [entry.outcome for entry in imported]
    columns = file.left_out_columns | dict.fromkeys(told.ignored, rows_of_file.NO_MEANING)
    return ImportReport(
        created=outcomes.count("CREATED"),
        updated=outcomes.count("UPDATED"),
        unchanged=outcomes.count("UNCHANGED"),
        rejected=sorted(told.rejected, key=lambda entry: entry.row),
        imported=sorted(imported, key=lambda entry: entry.row),
        ignored_fields=sorted(columns),
        notes=[note for change in changes for note in _notes(change, assignment.rows[change.product_id], told)],
        left_out_rows=told.left_out,
        left_out_columns=[LeftOutColumn(column=name, reason=columns[name]) for name in sorted(columns)],
        read_as=file.read_as,
    )


def _notes(change: ProductChange, assigned: AssignedRow, told: _Told) -> list[RowNote]:
    notes = told.notes.get(assigned.number, [])
    if assigned.taken_by is not None:
        wanted = assigned.row.identity.product_id
        taken = f"the id {wanted} belongs to another product, {assigned.taken_by!r}; this one is {change.product_id}"
        notes = [*notes, taken]
    return [RowNote(row=assigned.number, product_id=change.product_id, note=note) for note in notes]


def _outcome(change: ProductChange) -> Outcome:
    if change.event is None:
        return "UNCHANGED"
    return "CREATED" if isinstance(change.event, ProductCreated) else "UPDATED"

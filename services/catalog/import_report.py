"""The report of a bulk import, and its errors."""

from typing import Literal

from pydantic import Field

from schemas.contract import Contract

PLACE = "Its place in the array, from 1; in a file with lines, the line at which it begins."
Outcome = Literal["CREATED", "UPDATED", "UNCHANGED"]


class InvalidImportError(ValueError):
    """The body of an import is not a list of rows; the text says why."""


class ImportedRow(Contract):
    """A row that is, or in a dry run would be, in the catalog."""

    row: int = Field(description=PLACE)
    product_id: str
    outcome: Outcome


class RejectedRow(Contract):
    """A row of which nothing was taken."""

    row: int = Field(description=PLACE)
    product_id: str | None = None
    errors: list[str] = Field(description="All that is wrong with it, each as ``field: what is wrong``.")


class RowNote(Contract):
    """What staff should know of a row that is in the catalog."""

    row: int = Field(description=PLACE)
    product_id: str
    note: str


class LeftOutRow(Contract):
    """A row of the file that is no product of the shop."""

    row: int
    reason: str


class LeftOutColumn(Contract):
    """A column of the file of which nothing was taken."""

    column: str
    reason: str


class ImportReport(Contract):
    """What became of the rows."""

    created: int
    updated: int
    unchanged: int
    rejected: list[RejectedRow]
    imported: list[ImportedRow]
    ignored_fields: list[str] = Field(description="Names in the rows that mean nothing to the catalog.")
    notes: list[RowNote] = Field(default=[], description="What was decided about rows that are imported.")
    left_out_rows: list[LeftOutRow] = Field(default=[], description="Rows that are no products, such as groups.")
    left_out_columns: list[LeftOutColumn] = Field(
        default=[], description="The ``ignoredFields``, each with its reason."
    )
    read_as: list[str] = Field(default=[], description="What a file was taken for: its layout, encoding, separator.")


class ImportInterruptedError(Exception):
    """The import failed before its end; ``report`` has the rows that were written."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("the import was interrupted")
        self.report = report

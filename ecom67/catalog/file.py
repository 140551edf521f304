"""Reader of product rows in JSON and CSV files."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

LISTS = ("tags", "images")
SEPARATOR = "|"


class UnreadableFileError(Exception):
    """A file that cannot be read as rows; the message gives the reason."""

    label: ClassVar[str] = "Cannot read the file"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file with its place in it.

    Attributes:
        number: in JSON, the index in the array, from 1; in CSV, the line at which the row begins.
        values: its fields. Decimal numbers are strings, as written in the file.
    """

    number: int
    values: Any


def read_rows(file: Path) -> list[FileRow]:
    """Return the rows of a ``.json`` or ``.csv`` file; raises UnreadableFileError where it is neither, or malformed."""
    if not file.exists():
        raise UnreadableFileError(f"there is no file {file}")
    readers = {".json": _json_rows, ".csv": _csv_rows}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise UnreadableFileError(f"{file} is neither .json nor .csv")
    try:
        return reader(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableFileError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableFileError(f"{file} is not written in UTF-8") from None


def _json_rows(text: str) -> list[FileRow]:
    try:
        # As strings, amounts reach the shop exactly as written.
        rows = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"it is not JSON: {error}") from None
    if isinstance(rows, dict):
        # An API's answer that was saved to a file has the list below a key.
        rows = rows.get("products", rows.get("items"))
    if not isinstance(rows, list):
        raise UnreadableFileError("it is not an array of rows")
    return [FileRow(number, values) for number, values in enumerate(rows, start=1)]


def _csv_rows(text: str) -> list[FileRow]:
    try:
        lines = list(_csv_lines(text))
    except csv.Error as error:
        raise UnreadableFileError(f"it is not CSV: {error}") from None
    if not lines:
        raise UnreadableFileError("it is empty; the first line names the columns")
    header = [name.strip() for name in lines[0][1]]
    if "" in header:
        raise UnreadableFileError("a column has no name")
    for name in header:
        if header.count(name) > 1:
            raise UnreadableFileError(f"two columns are named {name!r}")
    return [FileRow(number, _row(number, header, cells)) for number, cells in lines[1:]]


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the non-empty rows, each with the line at which it begins: cells may contain line breaks."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begin = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begin, cells
        begin = reader.line_num + 1


def _row(number: int, header: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    if len(cells) > len(header):
        raise UnreadableFileError(f"line {number} has {len(cells)} cells under {len(header)} columns")
    row: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        value = cell.strip()
        field, _, member = name.partition(".")
        if not value:
            continue
        if member:
            members = row.setdefault(field, {})
            if not isinstance(members, dict):
                raise UnreadableFileError(f"line {number} has both {field} and members of it")
            members[member] = value
        elif name.casefold() in LISTS:
            row[name] = [part.strip() for part in value.split(SEPARATOR) if part.strip()]
        else:
            row[name] = value
    return row

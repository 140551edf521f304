"""Rows of products in a JSON or CSV file, each with its place in the file."""

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
    """A file that holds no rows; the text says why."""

    label: ClassVar[str] = "Cannot read the file"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file.

    Attributes:
        number: its place in a JSON array, from 1; the line at which it begins in CSV.
        values: its fields. Numbers with decimals are text, as they stand in the file.
    """

    number: int
    values: Any


def rows_in(file: Path) -> list[FileRow]:
    """Return the rows of a ``.json`` or ``.csv`` file; raises UnreadableFileError."""
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
        # As text, amounts come to the shop exactly as somebody wrote them.
        rows = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"it is not JSON: {error}") from None
    if isinstance(rows, dict):
        # The answer of a shop's API is often the list under a name.
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
    """Yield the rows that are not empty, with the line at which each begins: cells may hold line breaks."""
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

"""Reads a file of products, whatever its layout, into rows of the bulk import."""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from services.catalog.product_file import google_merchant, plain, shopify, woocommerce, woocommerce_languages
from services.catalog.product_file.amounts import Amounts
from services.catalog.product_file.decoding import open_text
from services.catalog.product_file.feed import feed_records
from services.catalog.product_file.json_rows import json_rows
from services.catalog.product_file.rows import (
    NO_MEANING,
    FileRow,
    LeftOutRow,
    Record,
    Rows,
    UnreadableFileError,
    plain_name,
)
from services.catalog.product_file.tables import SEPARATORS, Table, read_table
from services.catalog.row_parser import KNOWN_NAMES

LAYOUTS: tuple[ModuleType, ...] = (shopify, woocommerce, google_merchant)
OTHER = "Other"
"""The category of another shop's products that have none."""
_BINARY = {
    b"PK\x03\x04": "a workbook or an archive",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "a workbook",
    b"\x1f\x8b": "compressed",
}


@dataclass(slots=True)
class ProductFile:
    """A file of products.

    Attributes:
        rows: returns its rows, from the first one each time it is called.
        read_as: what the file was taken for, each as a phrase: ``UTF-16``, ``separated by semicolons``.
        numbers_are_lines: whether the number of a row is a line of the file; else it is a place in a list.
        counted: the number of its rows, where it is already known that all of them can be read.
        left_out_columns: why a column with something in it is left out, by its name; complete once all rows are read.
    """

    rows: Callable[[], Rows]
    read_as: list[str] = field(default_factory=list)
    numbers_are_lines: bool = True
    left_out_columns: dict[str, str] = field(default_factory=dict)
    counted: int | None = None

    def count_rows(self) -> int:
        """Return the number of rows; raises UnreadableFileError for a file that is malformed anywhere."""
        if self.counted is not None:
            return self.counted
        return sum(isinstance(row, FileRow) for row in self.rows())


@contextmanager
def open_product_file(path: Path) -> Iterator[ProductFile]:
    """Return the file at a path, open in the block; raises UnreadableFileError where it cannot be read."""
    if not path.exists():
        raise UnreadableFileError(f"there is no file {path}")
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror}") from None
    with stream:
        yield read_product_file(stream)


def read_product_file(stream: BinaryIO) -> ProductFile:
    """Return the products of a file: JSON, a feed in XML, or a table. The rows are read as they are asked for.

    Raises UnreadableFileError, whose sentence says what cannot be read.
    """
    head = stream.read(8)
    for mark, name in _BINARY.items():
        if head.startswith(mark):
            raise UnreadableFileError(f"it is {name}; save the table as CSV")
    text, encoding = open_text(stream)
    read_as = [f"{encoding}, because it is not UTF-8"] if encoding else []
    first = _first_character(text)
    if first == "<":
        text.detach()
        return _from_records(lambda: feed_records(stream), _Layout(google_merchant), read_as, numbers_are_lines=False)
    if first in ("[", "{"):
        return _from_json(text, read_as)
    return _from_table(read_table(text, _count_known), read_as)


def _first_character(text: io.TextIOBase) -> str:
    text.seek(0)
    try:
        return text.read(1024).lstrip("\ufeff \t\r\n")[:1]
    except UnicodeError:
        raise UnreadableFileError("its encoding cannot be told; save it as UTF-8") from None


def _from_json(text: io.TextIOBase, read_as: list[str]) -> ProductFile:
    return _from_objects(lambda: json_rows(text), read_as)


def _from_objects(source: Callable[[], Iterator[object]], read_as: list[str]) -> ProductFile:
    first = next(source(), None)
    columns = frozenset(plain_name(str(name)) for name in first) if isinstance(first, Mapping) else frozenset()
    layout = _layout_of(columns)
    if layout is None:
        return ProductFile(lambda: _plain_objects(source), read_as, numbers_are_lines=False)
    return _from_records(lambda: _object_records(source), layout, read_as, numbers_are_lines=False)


def _plain_objects(source: Callable[[], Iterator[object]]) -> Iterator[FileRow]:
    return (FileRow(number, values) for number, values in enumerate(source(), start=1))


def _object_records(source: Callable[[], Iterator[object]]) -> Iterator[Record]:
    for number, values in enumerate(source(), start=1):
        cells: dict[str, str] = {}
        for name, value in values.items() if isinstance(values, Mapping) else ():
            if cell := _cell(value):
                cells[plain_name(str(name))] = cell
        yield Record(number, cells)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(filter(None, map(_cell, value)))
    return value.strip() if isinstance(value, str) else json.dumps(value)


def _from_table(table: Table, read_as: list[str]) -> ProductFile:
    if table.separator != ",":
        read_as = [*read_as, f"separated by {SEPARATORS.get(table.separator, repr(table.separator))}"]
    columns = frozenset(map(plain_name, table.header))
    layout = _layout_of(columns)
    required = plain.REQUIRED
    if layout is not None:
        required = {"price": set(layout.format.PRICES)}
        columns = frozenset(map(layout.english, columns))
    missing = [what for what, names in required.items() if not columns & names]
    if layout is None:
        plain.check_header(table.header)
    if missing:
        raise UnreadableFileError(
            f"it has no column for the {' and the '.join(missing)}; the first line has to name the columns, and it is: "
            + _quoted(table.header)
        )
    if layout is not None:
        return _from_records(table.records, layout, read_as, table.header)
    amounts, count = plain.read_amounts(table.header, table.lines)
    return ProductFile(
        lambda: plain.rows(table.header, table.lines, amounts), [*read_as, *_told(amounts)], counted=count
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """The layout of a file.

    Attributes:
        format: the module that reads it.
        language: of its columns, where that is not English.
        names: the English plain name of a column, by its own.
    """

    format: ModuleType
    language: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"the layout of {self.format.NAME}" + (f" in {self.language}" if self.language else "")

    def english(self, column: str) -> str:
        return self.names.get(column, column)

    def translated(self, records: Iterator[Record]) -> Iterator[Record]:
        if not self.names:
            return records
        return (
            Record(record.number, {self.english(name): cell for name, cell in record.cells.items()})
            for record in records
        )


def _layout_of(columns: frozenset[str]) -> _Layout | None:
    found = next((layout for layout in LAYOUTS if layout.matches(columns)), None)
    if found:
        return _Layout(found)
    language, names = woocommerce_languages.to_english(columns)
    if woocommerce.matches(frozenset(names.get(column, column) for column in columns)):
        return _Layout(woocommerce, language, names)
    return None


def _from_records(
    records: Callable[[], Iterator[Record]],
    layout: _Layout,
    read_as: list[str],
    header: Sequence[str] = (),
    *,
    numbers_are_lines: bool = True,
) -> ProductFile:
    def source() -> Iterator[Record]:
        return layout.translated(records())

    amounts = _amounts(source, layout.format.PRICES)
    titles = {layout.english(plain_name(column)): column for column in header}
    left_out: dict[str, str] = {}
    seen: set[str] = set()

    def watched() -> Iterator[Record]:
        for record in source():
            for name in record.cells.keys() - layout.format.USED - seen:
                seen.add(name)
                if layout.format.uses(name):
                    continue
                left_out[titles.get(name, name)] = _reason(name, layout.format.LEFT_OUT)
            yield record

    told = [layout.title, *read_as, *_told(amounts)]
    return ProductFile(lambda: _categorised(layout.format.rows(watched, amounts)), told, numbers_are_lines, left_out)


def _reason(name: str, reasons: Sequence[tuple[str, str]]) -> str:
    return next((reason for prefix, reason in reasons if name.startswith(prefix)), NO_MEANING)


def _categorised(rows: Rows) -> Rows:
    for row in rows:
        if isinstance(row, LeftOutRow) or row.values.get("category"):
            yield row
        else:
            note = f"the file names no category; it is in {OTHER!r}"
            yield FileRow(row.number, {**row.values, "category": OTHER}, (*row.notes, note))


def _amounts(source: Callable[[], Iterator[Record]], columns: Sequence[str]) -> Amounts:
    return Amounts.of(
        (record.number, record.cells[column]) for record in source() for column in columns if column in record.cells
    )


def _told(amounts: Amounts) -> list[str]:
    return ["prices with decimal commas"] if amounts.decimal_comma else []


def _count_known(header: Sequence[str]) -> int:
    names = {plain_name(name.partition(".")[0]) for name in header}
    known = KNOWN_NAMES | shopify.USED | woocommerce.USED | google_merchant.USED | woocommerce_languages.KNOWN
    return len(names & known)


def _quoted(header: Sequence[str]) -> str:
    shown = ", ".join(header[:8])
    return f"{shown[:200]}{', …' if len(header) > 8 or len(shown) > 200 else ''}"

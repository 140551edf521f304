"""Reads a table of text: its separator, its header, and its records, one at a time."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.catalog.product_file.rows import Record, UnreadableFileError, plain_name

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(slots=True)
class Table:
    """A table in a text.

    Attributes:
        header: the names of its columns.
        separator: between its cells.
        first_line: the number of the line after which the header begins, from 0.
        text: from which the records are read, each time from its beginning.
    """

    header: list[str]
    separator: str
    first_line: int
    text: io.TextIOBase

    def records(self) -> Iterator[Record]:
        """Yield the records, each with the line at which it begins: cells may contain line breaks.

        Columns of one name are one list, separated by bars. Raises UnreadableFileError for a malformed record.
        """
        names = [plain_name(name) for name in self.header]
        for line, cells in islice(self.lines(), 1, None):
            found: dict[str, str] = {}
            for name, cell in zip(names, cells, strict=False):
                if value := cell.strip():
                    found[name] = f"{found[name]}|{value}" if name in found else value
            yield Record(line, found)

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the non-empty lines, the header first, each with its number."""
        width = len(self.header)
        for line, cells in _lines(self.text, self.separator, self.first_line):
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                raise UnreadableFileError(f"line {line} has {len(cells)} cells under {width} columns")
            yield line, cells


def read_table(text: io.TextIOBase, count_known: Callable[[Sequence[str]], int]) -> Table:
    """Return the table in a text, with the separator under which its header has the most known columns.

    Parameters:
        text: it may begin with a line such as ``sep=;``, which spreadsheets write.
        count_known: returns how many of the names of columns are known.

    Raises UnreadableFileError where there is no header, or where no column is known.
    """
    text.seek(0)
    first = text.readline()
    declared = first.strip().casefold()
    if declared.startswith("sep=") and len(declared) <= len("sep=;"):
        separators, first_line = [first.strip("\r\n")[4:5] or "\t"], 1
    else:
        separators, first_line = list(SEPARATORS), 0
    headers = {separator: _header(text, separator, first_line) for separator in separators}
    best = max(headers, key=lambda separator: (count_known(headers[separator]), len(headers[separator])))
    header = headers[best]
    if not any(header):
        raise UnreadableFileError("it is empty; the first line names the columns")
    while header and not header[-1]:
        header.pop()
    if "" in header:
        raise UnreadableFileError("a column has no name")
    return Table(header, best, first_line, text)


def _header(text: io.TextIOBase, separator: str, first_line: int) -> list[str]:
    try:
        _, cells = next(_lines(text, separator, first_line), (0, [""]))
    except UnreadableFileError:
        # The separators that are not the file's may leave its quotes open.
        return [""]
    return [cell.strip() for cell in cells]


def _lines(text: io.TextIOBase, separator: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    text.seek(0)
    for _ in range(first_line):
        text.readline()
    # In a file of tabs a quote is most often the sign of an inch.
    reader = csv.reader(text, delimiter=separator, strict=separator != "\t")
    begin = first_line + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begin, cells
            begin = first_line + reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(f"it is not CSV: {error} (line {begin})") from None
    except UnicodeError:
        raise UnreadableFileError("its encoding cannot be told; save it as UTF-8") from None

"""What reading a file of products yields, and the error of a file that cannot be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

MAX_ATTRIBUTE = 500
"""Characters of an attribute's value."""
NO_MEANING = "it means nothing to the catalog"


class UnreadableFileError(Exception):
    """A file that cannot be read as products; the message gives the reason in one sentence."""

    label: ClassVar[str] = "Cannot read the file"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A product of the file, as a row of the bulk import.

    Attributes:
        number: in a table, the line at which the product begins; else its place in the list, from 1.
        values: the fields of ``row_parser``. Decimal numbers are text, as written in the file.
        notes: what staff should know of how it was read.
    """

    number: int
    values: Any
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A row of the file that is no product, and the reason."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a table: its place, and its non-empty cells by the plain names of their columns."""

    number: int
    cells: Mapping[str, str]

    def get(self, *names: str) -> str:
        """Return the first of the named cells that has something in it, or empty text."""
        return next((self.cells[name] for name in names if name in self.cells), "")


@dataclass(slots=True)
class RowBuilder:
    """Collects the fields and notes of one product of another shop's layout."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def set(self, **values: Any) -> None:
        """Set those fields that have something in them."""
        self.values |= {name: value for name, value in values.items() if value not in ("", None, [], {})}

    def note(self, text: str) -> None:
        """Add a note for staff."""
        self.notes.append(text)

    def build(self) -> FileRow:
        """Return the row."""
        return FileRow(self.number, self.values, tuple(self.notes))


Rows = Iterator[FileRow | LeftOutRow]


def plain_name(column: str) -> str:
    """Return the name of a column in lower case, letters and digits only: ``Body (HTML)`` is ``bodyhtml``."""
    return "".join(character for character in column.casefold().removeprefix("g:") if character.isalnum())

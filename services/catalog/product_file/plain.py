"""The catalog's own layout: a column for each field of a row, and ``attributes.colour`` for a member of one."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from services.catalog.product_file.amounts import Amounts
from services.catalog.product_file.rows import FileRow, UnreadableFileError, plain_name

PRICES = ("price", "compareatprice")


def rows(
    header: Sequence[str], lines: Callable[[], Iterator[tuple[int, list[str]]]], amounts: Amounts
) -> Iterator[FileRow]:
    """Yield a row for each line but the header.

    Raises UnreadableFileError where two columns have one name, or a field has both a value and members.
    """
    for name in header:
        if header.count(name) > 1:
            raise UnreadableFileError(f"two columns are named {name!r}")
    first = True
    for number, cells in lines():
        if not first:
            yield FileRow(number, _row(number, header, cells, amounts))
        first = False


def _row(number: int, header: Sequence[str], cells: Sequence[str], amounts: Amounts) -> dict[str, Any]:
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
        else:
            row[name] = amounts.parse(value) if plain_name(name) in PRICES else value
    return row

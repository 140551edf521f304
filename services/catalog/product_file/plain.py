"""The catalog's own layout: a column for each field of a row, and ``attributes.colour`` for a member of one."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from services.catalog.product_file.amounts import Amounts
from services.catalog.product_file.rows import FileRow, UnreadableFileError, plain_name

PRICES = ("price", "compareatprice")
REQUIRED = {"name": {"name", "title"}, "price": {"price"}, "category": {"category"}}
"""The columns without which no row could be a product, by what they hold."""


Lines = Callable[[], Iterator[tuple[int, list[str]]]]
"""Returns the lines of a table, the header first, each with its number."""


def check_header(header: Sequence[str]) -> None:
    """Raise UnreadableFileError where two columns have one name, or a field has both a value and members."""
    for name in header:
        if header.count(name) > 1:
            raise UnreadableFileError(f"two columns are named {name!r}")
        if "." in name and name.partition(".")[0] in header:
            raise UnreadableFileError(f"there are columns both of {name.partition('.')[0]} and of members of it")


def read_amounts(header: Sequence[str], lines: Lines) -> tuple[Amounts, int]:
    """Return how the prices of a table are written, and the number of its rows."""
    priced = [place for place, name in enumerate(header) if plain_name(name) in PRICES]
    count = 0

    def prices() -> Iterator[tuple[int, str]]:
        nonlocal count
        for number, cells in islice(lines(), 1, None):
            count += 1
            yield from ((number, cells[place]) for place in priced if place < len(cells))

    return Amounts.of(prices()), count


def rows(header: Sequence[str], lines: Lines, amounts: Amounts) -> Iterator[FileRow]:
    """Yield a row for each line but the header."""
    columns = [(name, *name.partition(".")[::2], plain_name(name) in PRICES) for name in header]
    for number, cells in islice(lines(), 1, None):
        row: dict[str, Any] = {}
        for (name, field, member, is_price), cell in zip(columns, cells, strict=False):
            if not (value := cell.strip()):
                continue
            if member:
                row.setdefault(field, {})[member] = value
            else:
                row[name] = amounts.parse(value) if is_price else value
        yield FileRow(number, row)

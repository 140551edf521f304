"""Tables of the command line: on a terminal aligned and wrapped between words, elsewhere plain lines at full width."""

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap

from rich.console import Console
from rich.text import Text

GAP = "  "
FILE_WIDTH = 400
"""Columns of a line in a file or a pipe, which have no width of their own."""


def create_console() -> Console:
    """Return a console of the standard output, which breaks no line where that is a file or a pipe."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = FILE_WIDTH
    return console


def print_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "", console: Console | None = None
) -> None:
    """Print a table, and break no word of it: identifiers stay whole, and can be copied.

    Where a terminal is too narrow for the longest words, the table is plain lines, as it is in a file or a pipe.

    Parameters:
        header: names of the columns.
        rows: cells; several lines of one cell are joined where the table is plain lines.
        title: printed in a line of its own before the table.
        console: where to print; None is the standard output.
    """
    console = console or Console()
    if title:
        console.print(Text(title, style="bold"), soft_wrap=True)
    columns = list(zip(header, *rows, strict=True))
    widths = _widths(columns, console.width) if console.is_terminal else None
    plain_widths = [max(len(_one_line(cell)) for cell in column) for column in columns]
    for number, row in enumerate((header, *rows)):
        lines = _wrapped(row, widths) if widths else [_aligned([_one_line(cell) for cell in row], plain_widths)]
        style = "bold" if number == 0 else ""
        for line in lines:
            console.print(Text(line, style=style), soft_wrap=True)


def _widths(columns: Sequence[Sequence[str]], available: int) -> list[int] | None:
    """Return the widths of columns in which no word is broken, the last ones the narrower; None if that cannot be."""
    widths = [max(len(line) for cell in column for line in (cell.splitlines() or [""])) for column in columns]
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - available
    for place in reversed(range(len(columns))):
        longest_word = max(len(word) for cell in columns[place] for word in (cell.split() or [""]))
        taken = min(max(excess, 0), widths[place] - longest_word)
        widths[place] -= taken
        excess -= taken
    return widths if excess <= 0 else None


def _wrapped(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    cells = [
        [part for line in cell.splitlines() for part in wrap(line, width, break_on_hyphens=False) or [""]]
        for cell, width in zip(row, widths, strict=True)
    ]
    return [_aligned(line, widths) for line in zip_longest(*cells, fillvalue="")]


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _one_line(cell: str) -> str:
    return "; ".join(cell.splitlines())

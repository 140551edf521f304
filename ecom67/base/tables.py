"""Tables of the command line: on a terminal aligned and wrapped between words, elsewhere plain lines at full width."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

GAP = "  "
MIN_LAST_WIDTH = 24
"""Columns that the last one needs on a terminal, or all of the table is plain lines."""


def print_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "", console: Console | None = None
) -> None:
    """Print a table, and break no word of it: identifiers stay whole, and can be copied.

    Parameters:
        header: names of the columns.
        rows: cells; only the last column may be prose, and is wrapped where it is too long for the terminal.
        title: printed in a line of its own before the table.
        console: where to print; None is the standard output.
    """
    console = console or Console()
    if title:
        console.print(Text(title, style="bold"), soft_wrap=True)
    widths = [max((len(cell) for cell in column), default=0) for column in zip(header, *rows, strict=True)]
    if console.is_terminal and _fits(widths, rows, console.width):
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in header[:-1]:
            table.add_column(name, no_wrap=True)
        table.add_column(header[-1])
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
        return
    for row in (header, *rows):
        cells = ["; ".join(cell.splitlines()) for cell in row]
        padded = [cell.ljust(width) for cell, width in zip(cells[:-1], widths[:-1], strict=True)]
        console.print(GAP.join([*padded, cells[-1]]).rstrip(), markup=False, highlight=False, soft_wrap=True)


def _fits(widths: Sequence[int], rows: Sequence[Sequence[str]], available: int) -> bool:
    left = available - sum(widths[:-1]) - len(GAP) * (len(widths) - 1)
    longest_word = max((len(word) for row in rows for word in row[-1].split()), default=0)
    return left >= max(min(MIN_LAST_WIDTH, widths[-1]), longest_word)

"""Tables: no word is broken, on a terminal of any width and in a pipe."""

import io
import re

import pytest
from rich.console import Console
from rich.tree import Tree

from ecom67.base.tables import create_console, print_table

HEADER = ("Queue", "Service", "Holds")
ROWS = [
    ("ecom67-local-notifications-email-dlq", "notifications", "events that a consumer could not handle"),
    ("ecom67-local-cart-products-dlq", "cart", "events\nof products"),
]
WORDS = [word for row in (HEADER, *ROWS) for cell in row for word in cell.split()]


def printed(width: int, *, terminal: bool) -> str:
    file = io.StringIO()
    print_table(HEADER, ROWS, console=Console(file=file, width=width, force_terminal=terminal, no_color=True))
    return re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue())


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("width", [20, 40, 62, 70, 80, 120, 200])
def test_no_word_is_broken(width: int, terminal: bool) -> None:
    found = printed(width, terminal=terminal).replace(";", "").split()
    assert sorted(found) == sorted(WORDS)


def test_a_pipe_gets_one_line_a_row_whatever_the_width() -> None:
    assert printed(40, terminal=False).splitlines() == [
        "Queue                                 Service        Holds",
        "ecom67-local-notifications-email-dlq  notifications  events that a consumer could not handle",
        "ecom67-local-cart-products-dlq        cart           events; of products",
    ]


def test_a_terminal_wraps_between_words() -> None:
    lines = printed(70, terminal=True).splitlines()
    assert max(map(len, lines)) <= 70
    assert len(lines) > 1 + len(ROWS)


def test_a_table_without_rows_is_its_header() -> None:
    file = io.StringIO()
    print_table(HEADER, [], console=Console(file=file, width=80))
    assert file.getvalue() == "Queue  Service  Holds\n"


def test_a_console_of_a_pipe_breaks_no_line_of_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    line = " ".join(f"01a2308e-2a24-7afb-8fe4-4126b604f7{number:02}" for number in range(8))
    tree = Tree("request")
    tree.add(line)

    create_console().print(tree)

    assert capsys.readouterr().out.splitlines() == ["request", f"└── {line}"]

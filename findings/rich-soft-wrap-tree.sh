#!/usr/bin/env bash
# Expected: Console.print(..., soft_wrap=True), which "disables word wrapping and cropping of text", as its docstring says,
# prints whole lines to a file or a pipe, whatever they are lines of.
# Happens: of a Tree (and of a Table) whose lines are longer than the console is wide, which is 80 columns in a pipe, the rest
# of each line is gone: no ellipsis, no error. A string or a Text of the same length is printed whole.
# Hurts: whoever sets soft_wrap once for a console and later prints a tree with it: ids at the end of a line are cut, and a
# script that reads the pipe finds nothing. Set the console's width instead where it is no terminal.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "rich==15.0.0"

cat > "$work/tree.py" <<'PYTHON'
import io
from importlib.metadata import version

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

LINE = " ".join(f"word-{number:03}" for number in range(30))


def printed(what, **settings):
    file = io.StringIO()
    Console(file=file, soft_wrap=True, **settings).print(what)
    return file.getvalue()


print("rich", version("rich"))
text, tree, wide = printed(Text(LINE)), printed(Tree(LINE)), printed(Tree(LINE), width=400)
print(f"{len(LINE)} characters: as a text {len(text.strip())}, as a tree {len(tree.strip())}, as a tree in 400 columns {len(wide.strip())}")
assert text.strip() == LINE, "a text is no longer printed whole"
assert LINE not in tree and len(tree.strip()) <= 80, "a tree is no longer cropped"
assert wide.strip() == LINE
PYTHON
"$work/venv/bin/python" "$work/tree.py"

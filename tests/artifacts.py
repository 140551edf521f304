"""What a run leaves in ``.artifacts/``: evidence of failures, and figures, which are printed at its end."""

from collections.abc import Iterator, Sequence
from pathlib import Path

ARTIFACTS = Path(__file__).parent.parent / ".artifacts"
MEASURED = ("chat", "search", "web")
"""Whose figures are printed."""


def tell(name: str, figures: Sequence[str], details: Sequence[str] = ()) -> None:
    """Leave figures for the end of the run: a worker's own output is lost.

    Parameters:
        name: of the file, beginning with what is measured, such as ``search-typos``.
        figures: what is printed.
        details: what only the file has.
    """
    ARTIFACTS.mkdir(exist_ok=True)
    (ARTIFACTS / f"{name}.md").write_text("\n".join([*figures, "", *details]) + "\n")


def told(since: float) -> Iterator[str]:
    """Return the figures that were left since that time, in seconds since the epoch."""
    for report in sorted(ARTIFACTS.glob("*-*.md")):
        measured, _, _ = report.name.partition("-")
        if measured in MEASURED and report.stat().st_mtime >= since:
            figures, _, _ = report.read_text().partition("\n\n")
            yield f"{measured}: {figures.rstrip()}"

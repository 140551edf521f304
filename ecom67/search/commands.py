"""``ecom67 search``: rebuilds the index, and compares it with the catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import TaskID

from ecom67.base.progress import progress_bars
from ecom67.base.stage_names import LOCAL
from ecom67.local.connection import connection
from ecom67.search.index import OnProgress, SearchIndex

app = typer.Typer(no_args_is_help=True, help="The search index.")

MAX_LISTED = 10
"""How many product ids are printed; the others are counted."""

ToStage = Annotated[str, typer.Option("--stage", help="local, or a stage in AWS.")]


@app.command()
def rebuild(to: ToStage = LOCAL) -> None:
    """Build a new index from the catalog and switch to it once it is complete."""
    _rebuild(_index(to))


@app.command()
def verify(
    to: ToStage = LOCAL,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report the differences without repairing them.")] = False,
) -> None:
    """Compare the index with the catalog and repair the differences. Exit code 1: it differed."""
    console = Console(highlight=False)
    with _progress(console) as on_progress:
        found = _index(to).compare(on_progress, repair=not dry_run)
    if not found.missing and not found.orphans:
        console.print(f"The index is as the catalog: {found.seen} products.")
        return
    verdict = "differ" if dry_run else "differed and were repaired"
    for title, ids in (("missing or outdated", found.missing), ("shown, and not in the catalog", found.orphans)):
        if ids:
            others = f" and {len(ids) - MAX_LISTED} others" if len(ids) > MAX_LISTED else ""
            console.print(f"{len(ids)} {verdict}, {title}: {', '.join(ids[:MAX_LISTED])}{others}")
    raise typer.Exit(1)


def rebuild_where_needed(stage: str) -> None:
    """Rebuild the index of a stage in AWS where the code that is deployed there cannot answer from it."""
    index = _index(stage)
    if reason := index.rebuild_reason():
        typer.echo(f"{reason} Until it is rebuilt, search answers 503 or finds little.")
        _rebuild(index)


def _rebuild(index: SearchIndex) -> None:
    console = Console(highlight=False)
    with _progress(console) as on_progress:
        name, seen = index.rebuild(on_progress)
    console.print(f"{name} is live, with {seen} products.")


def _index(to: str) -> SearchIndex:
    return SearchIndex.of(connection()) if to == LOCAL else SearchIndex.in_aws(to)


@contextmanager
def _progress(console: Console) -> Iterator[OnProgress]:
    """Show one bar per phase."""
    with progress_bars(console, transient=False) as progress:
        tasks: dict[str, TaskID] = {}

        def show(title: str, seen: int, total: int | None) -> None:
            if title not in tasks:
                tasks[title] = progress.add_task(title)
            progress.update(tasks[title], completed=seen, total=total or None)

        yield show

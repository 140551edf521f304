"""``ecom67 search``: builds the index anew, and compares it with the catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ecom67.base.stage_names import LOCAL
from ecom67.local.connection import connection
from ecom67.search.index import OnProgress, SearchIndex

app = typer.Typer(no_args_is_help=True, help="The search index.")

LISTED = 10
"""Ids that are told of; of the others, how many there are."""

ToStage = Annotated[str, typer.Option("--stage", help="local, or a stage in AWS.")]


@app.command()
def rebuild(to: ToStage = LOCAL) -> None:
    """Build a new index beside the old from the catalog, and answer from it once it is complete."""
    _rebuild(_index(to))


@app.command()
def verify(
    to: ToStage = LOCAL,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what differs, and repair nothing.")] = False,
) -> None:
    """Compare the index with the catalog and repair what differs; exit code 1 where something did."""
    console = Console(highlight=False)
    with _bars(console) as on_progress:
        found = _index(to).compare(on_progress, repair=not dry_run)
    if not found.lacking and not found.strays:
        console.print(f"The index is as the catalog: {found.seen} products.")
        return
    done = "differ" if dry_run else "differed and were repaired"
    for title, ids in (("missing or outdated", found.lacking), ("shown, and not in the catalog", found.strays)):
        if ids:
            others = f" and {len(ids) - LISTED} others" if len(ids) > LISTED else ""
            console.print(f"{len(ids)} {done}, {title}: {', '.join(ids[:LISTED])}{others}")
    raise typer.Exit(1)


def rebuild_where_needed(stage: str) -> None:
    """Build the index of a stage in AWS anew where what is deployed there now cannot answer from it."""
    index = _index(stage)
    if reason := index.rebuild_reason():
        typer.echo(f"{reason} Until it is built anew, search answers 503 or finds little.")
        _rebuild(index)


def _rebuild(index: SearchIndex) -> None:
    console = Console(highlight=False)
    with _bars(console) as on_progress:
        name, seen = index.rebuild(on_progress)
    console.print(f"{name} is live, with {seen} products.")


def _index(to: str) -> SearchIndex:
    return SearchIndex.of(connection()) if to == LOCAL else SearchIndex.in_aws(to)


@contextmanager
def _bars(console: Console) -> Iterator[OnProgress]:
    """Show a bar for each thing that is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        tasks: dict[str, TaskID] = {}

        def show(title: str, seen: int, total: int | None) -> None:
            if title not in tasks:
                tasks[title] = progress.add_task(title)
            progress.update(tasks[title], completed=seen, total=total or None)

        yield show

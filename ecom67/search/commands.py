"""``ecom67 search``: rebuilds the index, compares it with the catalog, and judges what search finds."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import TaskID

from ecom67.base.errors import CliError
from ecom67.base.options import select_stage
from ecom67.base.progress import progress_bars
from ecom67.base.stage_names import LOCAL
from ecom67.local.connection import connection
from ecom67.local.standins.opensearch.node import configured_url
from ecom67.search.index import OnProgress, SearchIndex

if TYPE_CHECKING:
    from services.search.engine import Engine

app = typer.Typer(no_args_is_help=True, help="The search index.")

MAX_LISTED = 10
"""How many product ids are printed; the others are counted."""


class EngineName(StrEnum):
    """An engine of search."""

    TANTIVY = "tantivy"
    OPENSEARCH = "opensearch"


ToStage = Annotated[str, typer.Option("--stage", help="local, or a stage in AWS.", callback=select_stage)]


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


@app.command()
def judge(
    products: Annotated[
        Path, typer.Option("--products", help="JSON lines (.gz too): id, title, description, brand, …")
    ],
    ratings: Annotated[Path, typer.Option("--ratings", help="CSV: query, id, rating (0 wrong, the highest right).")],
    engine: Annotated[EngineName, typer.Option("--engine", help="The engine to judge.")] = EngineName.TANTIVY,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures, and those of every query, as JSON.")
    ] = False,
) -> None:
    """Judge search by the rated queries of any catalogue, beside BM25 in the same run.

    The products are indexed for this run alone, in no shop. OpenSearch is the node of OPENSEARCH_URL.
    """
    # Only this command needs the engines.
    from ecom67.search.judge.files import read_products, read_ratings
    from ecom67.search.judge.judgement import judge as judged
    from ecom67.search.judge.report import print_report

    catalogue, rated = read_products(products), read_ratings(ratings)
    with _empty_engine(engine) as empty:
        judgement = judged(empty, catalogue, rated)
    if not judgement.judged:
        raise CliError("No query has a product of the file with a rating above 0, so there is nothing to judge by.")
    if as_json:
        typer.echo(json.dumps(judgement.as_dict(), ensure_ascii=False, indent=2))
    else:
        print_report(judgement, Console(highlight=False))


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


@contextmanager
def _empty_engine(name: EngineName) -> Iterator["Engine"]:
    """Yield an engine without products, whose index is deleted afterwards."""
    if name is EngineName.TANTIVY:
        from services.search.embedded.engine import TantivyEngine
        from services.search.embedded.folder_index_store import FolderIndexStore

        with tempfile.TemporaryDirectory(prefix="ecom67-judge-") as folder:
            yield TantivyEngine(FolderIndexStore(Path(folder)))
        return
    from services.search.opensearch.client import create_client
    from services.search.opensearch.engine import OpenSearchEngine

    url = configured_url()
    if url is None:
        raise CliError("OPENSEARCH_URL is not set. Start a node with `ecom67 opensearch` and give its URL.")
    client, prefix = create_client(url), f"judge-{uuid4().hex[:8]}-"
    try:
        yield OpenSearchEngine(client, prefix=prefix)
    finally:
        client.indices.delete(index=f"{prefix}*")

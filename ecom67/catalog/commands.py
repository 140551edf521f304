"""``ecom67 catalog import FILE``: the staff's bulk import, from a JSON or CSV file over the shop's API."""

import json
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ecom67.catalog.client import ImportClient, ImportFailedError, Outcome
from ecom67.catalog.file import FileRow, UnreadableFileError, rows_in

app = typer.Typer(help="The shop's products.", no_args_is_help=True)

REJECTED = 1
FAILED = 2


@app.callback()
def catalog() -> None:
    """Look after the shop's products."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A .json array of rows, or a .csv with a header.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would happen; change nothing.")] = False,
    batch: Annotated[int, typer.Option(min=1, max=500, help="Rows in one request.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    url: Annotated[str | None, typer.Option(help="Address of the shop; by default the local one.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="ECOM67_TOKEN", help="A staff ID token; by default the local staff's.")
    ] = None,
) -> None:
    """Create and update products in bulk. The same file again changes nothing.

    Exits with 1 where a row was rejected, with 2 where the import could not be done.
    """
    console = Console(stderr=True)
    outcome = Outcome()
    try:
        rows = rows_in(file)
        address = url or _local("shop_url", "--url")
        # A proxy is for shops elsewhere.
        with httpx.Client(trust_env=url is not None) as http:
            client = ImportClient(http, address, token or _local("staff_token", "--token"), dry_run=dry_run)
            _send(client, rows, batch, outcome, console)
    except (UnreadableFileError, ImportFailedError) as error:
        console.print(f"[red]{type(error).label}:[/] ", end="")
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        if outcome.imported or outcome.rejected:
            _show(outcome, file, as_json, dry_run)
        raise typer.Exit(FAILED) from None
    _show(outcome, file, as_json, dry_run)
    raise typer.Exit(REJECTED if outcome.rejected else 0)


def _send(client: ImportClient, rows: list[FileRow], batch: int, outcome: Outcome, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Importing", total=len(rows))
        for start in range(0, len(rows), batch):
            group = rows[start : start + batch]
            client.send(group, outcome)
            progress.advance(task, len(group))


def _show(outcome: Outcome, file: Path, as_json: bool, dry_run: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**outcome.summary(), "dryRun": dry_run}, indent=2))
        return
    console = Console()
    if outcome.rejected:
        where = "Line" if file.suffix.lower() == ".csv" else "Row"
        table = Table(where, "Product", "What is wrong", title="Rejected rows")
        for row in outcome.rejected:
            table.add_row(str(row.number), escape(row.product_id or ""), escape("\n".join(row.errors)))
        console.print(table)
    if outcome.ignored_fields:
        ignored = ", ".join(outcome.ignored_fields)
        console.print(f"Fields that mean nothing to the catalog: {ignored}", markup=False, soft_wrap=True)
    counts = [f"{outcome.count(name)} {name.lower()}" for name in ("CREATED", "UPDATED", "UNCHANGED")]
    told = ", ".join([*counts, f"{len(outcome.rejected)} rejected"])
    console.print(f"Dry run, nothing is changed: {told}." if dry_run else f"{told}.", markup=False, soft_wrap=True)


def _local(name: str, option: str) -> str:
    # Only here: a shop elsewhere needs nothing of the local stage.
    from ecom67.base.errors import CliError
    from ecom67.local import connection

    try:
        return str(getattr(connection, name)())
    except CliError as fault:
        raise ImportFailedError(f"{fault} Or give {option}.") from None

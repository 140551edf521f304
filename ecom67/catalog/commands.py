"""``ecom67 catalog import``: bulk import of products from a JSON or CSV file, with a staff token."""

import json
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ecom67.base.progress import progress_bars
from ecom67.catalog.client import ImportClient, ImportFailedError, ImportResult
from ecom67.catalog.file import FileRow, UnreadableFileError, read_rows

app = typer.Typer(help="The shop's products.", no_args_is_help=True)

REJECTED = 1
FAILED = 2


@app.callback()
def catalog() -> None:
    """Manage the shop's products."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A .json array of rows, or a .csv with a header.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Validate the file and report what would change.")] = False,
    batch: Annotated[int, typer.Option(min=1, max=500, help="Rows per request.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    url: Annotated[str | None, typer.Option(help="URL of the shop; default: the local shop.")] = None,
    token: Annotated[
        str | None,
        typer.Option(envvar="ECOM67_TOKEN", help="ID token of a staff member; default: one of the local shop."),
    ] = None,
) -> None:
    """Create and update products from a file. Importing the same file again changes nothing.

    Exit code 1: some rows were rejected. Exit code 2: the import failed.
    """
    console = Console(stderr=True)
    result = ImportResult()
    try:
        rows = read_rows(file)
        address = url or _local("shop_url", "--url")
        # A proxy may be needed to reach a remote shop, never the local one.
        with httpx.Client(trust_env=url is not None) as http:
            client = ImportClient(http, address, token or _local("staff_token", "--token"), dry_run=dry_run)
            _send(client, rows, batch, result, console)
    except (UnreadableFileError, ImportFailedError) as error:
        console.print(f"[red]{type(error).label}:[/] ", end="")
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        if result.imported or result.rejected:
            _show(result, file, as_json, dry_run)
        raise typer.Exit(FAILED) from None
    _show(result, file, as_json, dry_run)
    raise typer.Exit(REJECTED if result.rejected else 0)


def _send(client: ImportClient, rows: list[FileRow], batch: int, result: ImportResult, console: Console) -> None:
    with progress_bars(console) as progress:
        task = progress.add_task("Importing", total=len(rows))
        for start in range(0, len(rows), batch):
            group = rows[start : start + batch]
            client.send(group, result)
            progress.advance(task, len(group))


def _show(result: ImportResult, file: Path, as_json: bool, dry_run: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**result.summary(), "dryRun": dry_run}, indent=2))
        return
    console = Console()
    if result.rejected:
        where = "Line" if file.suffix.lower() == ".csv" else "Row"
        table = Table(where, "Product", "What is wrong", title="Rejected rows")
        for row in result.rejected:
            table.add_row(str(row.number), escape(row.product_id or ""), escape("\n".join(row.errors)))
        console.print(table)
    if result.ignored_fields:
        ignored = ", ".join(result.ignored_fields)
        console.print(f"Fields that mean nothing to the catalog: {ignored}", markup=False, soft_wrap=True)
    counts = [f"{result.count(name)} {name.lower()}" for name in ("CREATED", "UPDATED", "UNCHANGED")]
    summary = ", ".join([*counts, f"{len(result.rejected)} rejected"])
    console.print(
        f"Dry run, nothing is changed: {summary}." if dry_run else f"{summary}.", markup=False, soft_wrap=True
    )


def _local(name: str, option: str) -> str:
    # Imported late: a remote shop needs nothing of the local stage.
    from ecom67.base.errors import CliError
    from ecom67.local import connection

    try:
        return str(getattr(connection, name)())
    except CliError as error:
        raise ImportFailedError(f"{error} Or give {option}.") from None

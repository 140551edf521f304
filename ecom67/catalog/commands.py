"""``ecom67 catalog import``: bulk import of products from a file, in any layout that is known, with a staff token."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from ecom67.base.errors import CliError
from ecom67.base.options import StageName
from ecom67.base.pictures import upload_pictures
from ecom67.base.progress import progress_bars
from ecom67.base.stage_names import LOCAL
from ecom67.base.tables import print_table
from ecom67.catalog.client import ImportClient, ImportFailedError, ImportResult
from ecom67.staff import tokens
from services.catalog.product_file.reader import ProductFile, open_product_file
from services.catalog.product_file.rows import FileRow, LeftOutRow, UnreadableFileError
from services.catalog.row_parser import identity_key

app = typer.Typer(help="The shop's products.", no_args_is_help=True)

REJECTED = 1
FAILED = 2
MAX_PLACES = 12
"""Rows that a note names."""


@app.callback()
def catalog() -> None:
    """Manage the shop's products."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="JSON, CSV, or an export of Shopify, WooCommerce or Google Merchant.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Validate the file and report what would change.")] = False,
    batch: Annotated[int, typer.Option(min=1, max=500, help="Rows per request.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    stage: StageName = LOCAL,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder of pictures to upload first, as /images/FILE.", file_okay=False)
    ] = None,
    url: Annotated[str | None, typer.Option(help="URL of the shop; default: that of the stage.")] = None,
    token: Annotated[
        str | None,
        typer.Option(envvar="ECOM67_TOKEN", help="ID token of a staff member; default: that of `ecom67 login`."),
    ] = None,
) -> None:
    """Create and update products from a file. Importing the same file again changes nothing.

    Into a stage in AWS, sign in before: ecom67 login EMAIL --stage STAGE

    Exit code 1: some rows were rejected. Exit code 2: the import failed.
    """
    console = Console(stderr=True)
    result = ImportResult()
    lines = True
    try:
        with open_product_file(file) as products:
            lines, result.read_as = products.numbers_are_lines, products.read_as
            address, token = url or _shop_url(stage), token or _staff_token(stage)
            if pictures and not dry_run:
                _print(console, f"{_upload_pictures(stage, pictures)} pictures uploaded.")
            # A proxy may be needed to reach a remote shop, never the local one.
            with httpx.Client(trust_env=url is not None or stage != LOCAL) as http:
                client = ImportClient(http, address, token, dry_run=dry_run)
                _send(client, products, batch, result, console)
    except (UnreadableFileError, ImportFailedError) as error:
        console.print(f"[red]{type(error).label}:[/] ", end="")
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        if result.imported or result.rejected:
            _show(result, lines, as_json, dry_run)
        raise typer.Exit(FAILED) from None
    _show(result, lines, as_json, dry_run)
    raise typer.Exit(REJECTED if result.rejected else 0)


def _send(client: ImportClient, products: ProductFile, batch: int, result: ImportResult, console: Console) -> None:
    # The file is read once before the first request, so that a malformed one changes nothing.
    total = products.count_rows()
    sent: dict[object, int] = {}
    with progress_bars(console) as progress:
        task = progress.add_task("Importing", total=total)
        rows = _new_products(products, result, sent)
        while group := list(islice(rows, batch)):
            client.send(group, result)
            sent |= {key: row.number for row in group if row.number not in result.rejected and (key := _key(row))}
            progress.advance(task, len(group))
    result.columns |= products.left_out_columns


def _new_products(products: ProductFile, result: ImportResult, sent: Mapping[object, int]) -> Iterator[FileRow]:
    """Yield the products of a file, and keep in the result what is no product, or was sent with an earlier request."""
    for row in products.rows():
        if isinstance(row, LeftOutRow):
            result.left_out.append(row)
        elif first := sent.get(_key(row)):
            result.reject(row.number, None, [f"productId: row {first} is the same product"])
        else:
            for note in row.notes:
                result.note(note, row.number)
            yield row


def _key(row: FileRow) -> object:
    return identity_key(row.values)


def _show(result: ImportResult, lines: bool, as_json: bool, dry_run: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**result.summary(), "dryRun": dry_run}, indent=2))
        return
    console, row_title = Console(), "Line" if lines else "Row"
    if result.read_as:
        _print(console, f"Read as: {'; '.join(result.read_as)}.")
    if result.rejected:
        rejected = [result.rejected[number] for number in sorted(result.rejected)]
        rows = [(str(row.number), row.product_id or "", "\n".join(row.errors)) for row in rejected]
        print_table((row_title, "Product", "What is wrong"), rows, title="Rejected rows")
    if result.left_out:
        left_out = [(str(row.number), row.reason) for row in result.left_out]
        print_table((row_title, "Why"), left_out, title="Rows that are left out")
    if result.columns:
        print_table(("Column", "Why"), sorted(result.columns.items()), title="Columns that are left out")
    if result.notes:
        notes = [(_places(numbers), note) for note, numbers in result.notes.items()]
        print_table((f"{row_title}s", "Note"), notes, title="Notes")
    if not (result.imported or result.rejected or result.left_out):
        _print(console, "The file has no products.")
    counts = [f"{result.count(name)} {name.lower()}" for name in ("CREATED", "UPDATED", "UNCHANGED")]
    summary = ", ".join([*counts, f"{len(result.rejected)} rejected"])
    _print(console, f"Dry run, nothing is changed: {summary}." if dry_run else f"{summary}.")


def _places(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, sorted(numbers)[:MAX_PLACES]))
    return shown if len(numbers) <= MAX_PLACES else f"{shown} and {len(numbers) - MAX_PLACES} more"


def _print(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _shop_url(stage: str) -> str:
    return _of_stage("--url", lambda: _local("shop_url") if stage == LOCAL else _published(stage, "web/shop-url"))


def _staff_token(stage: str) -> str:
    return _of_stage("--token", lambda: _local("staff_token") if stage == LOCAL else tokens.read(stage))


def _upload_pictures(stage: str, folder: Path) -> int:
    # Imported late, as below: a shop that --url names needs no client of AWS.
    from ecom67.stage_client import connect

    bucket = _of_stage("no --pictures", lambda: _published(stage, "catalog/image-bucket"))
    return upload_pictures(connect(stage).client("s3"), bucket, folder)


def _published(stage: str, name: str) -> str:
    from ecom67.stage_client import connect

    published = connect(stage).published
    if name not in published:
        raise CliError(f"Stage {stage} has no {name} yet. Deploy it: ecom67 deploy --all --stage {stage}")
    return published[name]


def _local(name: str) -> str:
    from ecom67.local import connection

    return str(getattr(connection, name)())


def _of_stage(option: str, find: Callable[[], str]) -> str:
    try:
        return find()
    except CliError as error:
        raise ImportFailedError(f"{error} Or give {option}.") from None

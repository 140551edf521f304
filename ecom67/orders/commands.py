"""``ecom67 orders``: makes orders findable that were placed before staff could search."""

import json
from typing import Annotated

import typer
from rich.console import Console

from ecom67.base.options import AsJson, StageName
from ecom67.base.stage_names import LOCAL
from ecom67.orders.indexing import OrderIndexing, Progress
from ecom67.stage_client import connect

app = typer.Typer(no_args_is_help=True, help="The orders of a stage.")


@app.callback()
def group() -> None:
    """Keep the name of the one command, to which others may come."""


@app.command()
def index(
    begin: Annotated[str | None, typer.Option("--from", help="Go on where a run was cut short.")] = None,
    as_json: AsJson = False,
    stage: StageName = LOCAL,
) -> None:
    """Make orders findable by number and name that were placed before there were entries for that.

    What has its entries is left as it is: the command may be repeated, and cut short at any time.
    """
    indexing = OrderIndexing.of(connect(stage))
    console = Console(stderr=True, highlight=False)
    last = Progress(following=begin)

    def show(progress: Progress) -> None:
        nonlocal last
        last = progress
        status.update(f"{progress.seen} orders seen, {progress.indexed} made findable")

    try:
        with console.status("Looking for orders without entries") as status:
            last = indexing.run(begin, show)
    except KeyboardInterrupt:
        if last.following:
            console.print(f"Go on with `ecom67 orders index --from {last.following}`.", soft_wrap=True)
        raise
    if as_json:
        typer.echo(json.dumps({"seen": last.seen, "indexed": last.indexed}))
    else:
        typer.echo(f"{last.seen} orders, of which {last.indexed} had no entries and have them now.")

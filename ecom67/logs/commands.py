"""``ecom67 logs``: what the functions of a stage log, in chronological order."""

import time
from typing import Annotated

import typer

from ecom67.base.options import StageName
from ecom67.base.stage_names import LOCAL
from ecom67.logs import entries
from ecom67.stage_client import connect

app = typer.Typer()


@app.command("logs")
def show_logs(
    service: Annotated[
        str | None, typer.Argument(help="Name of the service, such as orders; default: all services.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Wait for new lines, until Ctrl-C.")] = False,
    minutes: Annotated[float, typer.Option(help="Start this many minutes ago.")] = 60,
    stage: StageName = LOCAL,
) -> None:
    """Show the logs of a stage's functions in chronological order."""
    client, since = connect(stage), int((time.time() - 60 * minutes) * 1000)
    found = entries.follow(client, service, since) if follow else iter(entries.read(client, service, since))
    shown = 0
    for entry in found:
        if (line := entries.format_entry(entry)) is not None:
            typer.echo(line)
            shown += 1
    if not shown:
        typer.echo(f"Nothing was logged in the last {minutes:g} minutes.", err=True)

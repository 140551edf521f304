"""``ecom67 events``: what is and was on the bus of a stage."""

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ecom67.base.errors import CliError
from ecom67.base.options import AsJson, StageName
from ecom67.base.stage_names import LOCAL
from ecom67.events import quarantine_commands, replay_commands
from ecom67.events import trace_formats as formats
from ecom67.events.event_filter import moment_of, source_of
from ecom67.events.journal import JournalledEvent, JournalReader
from ecom67.events.trace import Trace, trace
from ecom67.stage_client import connect

app = typer.Typer(help="Events of a stage: see, trace and replay them.", no_args_is_help=True)
app.add_typer(quarantine_commands.app, name="quarantine")
app.command("replay")(replay_commands.replay)


WIDE = 400
"""Columns where there is no terminal."""


class Format(StrEnum):
    """How a trace is shown."""

    TREE = "tree"
    MERMAID = "mermaid"
    JSON = "json"
    HTML = "html"


@app.command()
def tail(
    source: Annotated[str | None, typer.Option(help="Only of this source, such as orders.")] = None,
    detail_type: Annotated[str | None, typer.Option("--type", help="Only of this type, such as OrderPlaced.")] = None,
    since: Annotated[str, typer.Option(help="Begin so long ago, such as 10m.")] = "0s",
    limit: Annotated[int | None, typer.Option(min=1, help="End after so many; otherwise with Ctrl-C.")] = None,
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Show events as they come, a line each."""
    console = Console(highlight=False, soft_wrap=True)
    wanted, shown = source_of(source), 0
    events = JournalReader(connect(stage)).follow(moment_of(since, datetime.now(UTC)))
    with suppress(KeyboardInterrupt):  # the usual way to end it
        for event in events:
            if wanted not in (None, event.source) or detail_type not in (None, event.detail_type):
                continue
            if as_json:
                typer.echo(json.dumps(event.plain()))
            else:
                console.print(_line(event))
            shown += 1
            if shown == limit:
                return


@app.command()
def show(
    event_id: Annotated[str, typer.Argument(help="The eventId.")],
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Show one event whole: what it says, and what is wrong with it."""
    event = JournalReader(connect(stage)).event(event_id)
    if event is None:
        raise CliError(
            f"The journal of stage {stage} has no event {event_id}: no such id, or it is older than 30 days."
        )
    if as_json:
        typer.echo(json.dumps(event.plain(), indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(_line(event))
    console.print(f"seen {event.times_seen} × by the journal, first at {event.journalled_at:%Y-%m-%d %H:%M:%S.%f} UTC")
    for fault in event.faults:
        console.print(f"[red]✗ {escape(fault)}[/]")
    console.print_json(data=event.detail)


@app.command("trace")
def show_trace(
    subject: Annotated[str, typer.Argument(help="A correlation id, an order's id, or an event's id.")],
    form: Annotated[Format, typer.Option("--format", help="How it is shown.")] = Format.TREE,
    as_json: AsJson = False,
    output: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
    stage: StageName = LOCAL,
) -> None:
    """Show what a request caused, by cause: delays, handlers, retries, dead letters.

    Exits with 1 where something is amiss.
    """
    made = trace(connect(stage), subject)
    text = _told(made, Format.JSON if as_json else form, sys.stdout.isatty() and output is None)
    if output:
        output.write_text(text)
    else:
        typer.echo(text, nl=False)
    raise typer.Exit(1 if made.gaps() else 0)


def _told(made: Trace, form: Format, coloured: bool) -> str:
    match form:
        case Format.MERMAID:
            return formats.as_mermaid(made)
        case Format.JSON:
            return json.dumps(formats.as_json(made), indent=2) + "\n"
        case Format.HTML:
            return formats.as_html(made)
        case Format.TREE:
            # A file has no width: there no line is broken.
            console = Console(
                highlight=False, force_terminal=coloured, width=None if coloured else WIDE, file=StringIO()
            )
            console.print(formats.as_tree(made))
            gaps = made.gaps()
            console.print(f"[red]{len(gaps)} amiss.[/]" if gaps else "[green]Nothing is missing.[/]")
            if made.letters_left_out:
                console.print("[yellow]A queue holds more dead letters than were looked through.[/]")
            return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def _line(event: JournalledEvent) -> str:
    fault = " [red]does not fit its contract[/]" if event.faults else ""
    return (
        f"[dim]{event.occurred_at:%H:%M:%S.%f}[/] [bold]{escape(event.detail_type)}[/] {escape(event.aggregate_id)} "
        f"[dim]{escape(event.source)}  event {escape(event.event_id)}  request {escape(event.correlation_id)}[/]{fault}"
    )

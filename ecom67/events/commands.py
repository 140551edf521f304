"""``ecom67 events``: shows and traces the events of a stage."""

import json
import sys
from datetime import UTC, datetime
from enum import StrEnum
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bus.journal_reader import JournalledEvent
from ecom67.base.errors import CliError
from ecom67.base.options import AsJson, StageName
from ecom67.base.stage_names import LOCAL
from ecom67.base.tables import FILE_WIDTH
from ecom67.events import match_commands, quarantine_commands, replay_commands
from ecom67.events import trace_formats as formats
from ecom67.events.event_filter import full_source, parse_moment
from ecom67.events.journal import StageJournal
from ecom67.events.trace import Trace, trace
from ecom67.stage_client import connect

app = typer.Typer(help="Show, trace and replay the events of a stage.", no_args_is_help=True)
app.add_typer(quarantine_commands.app, name="quarantine")
app.command("replay")(replay_commands.replay)
app.command("match")(match_commands.match)


"""Columns where the output is not a terminal."""


class Format(StrEnum):
    """Output formats of a trace."""

    TREE = "tree"
    MERMAID = "mermaid"
    JSON = "json"
    HTML = "html"


@app.command()
def tail(
    source: Annotated[str | None, typer.Option(help="Only events of this source, such as orders.")] = None,
    detail_type: Annotated[
        str | None, typer.Option("--type", help="Only events of this type, such as OrderPlaced.")
    ] = None,
    since: Annotated[str, typer.Option(help="Start this long ago, such as 10m.")] = "0s",
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after this many events; default: at Ctrl-C.")] = None,
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Print events as they arrive, one line each."""
    console = Console(highlight=False, soft_wrap=True)
    start = parse_moment(since, datetime.now(UTC))
    events = StageJournal(connect(stage)).follow(start, full_source(source), detail_type)
    # Ctrl-C is the usual way to stop.
    for event in islice(events, limit):
        if as_json:
            typer.echo(json.dumps(event.to_json()))
        else:
            console.print(_line(event))


@app.command()
def show(
    event_id: Annotated[str, typer.Argument(help="The eventId.")],
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Show one event with its content and its contract violations."""
    event = StageJournal(connect(stage)).event(event_id)
    if event is None:
        raise CliError(
            f"The journal of stage {stage} has no event {event_id}: no such id, or it is older than 30 days."
        )
    if as_json:
        typer.echo(json.dumps(event.to_json(), indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(_line(event))
    console.print(f"seen {event.times_seen} × by the journal, first at {event.journalled_at:%Y-%m-%d %H:%M:%S.%f} UTC")
    for violation in event.violations:
        console.print(f"[red]✗ {escape(violation)}[/]")
    console.print_json(data=event.detail)


@app.command("trace")
def show_trace(
    subject: Annotated[str, typer.Argument(help="A correlation id, an order id, or an event id.")],
    form: Annotated[Format, typer.Option("--format", help="The output format.")] = Format.TREE,
    as_json: AsJson = False,
    output: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
    stage: StageName = LOCAL,
) -> None:
    """Show the events of a request as a tree by cause, with delays, handlers, retries and dead letters.

    Exit code 1: something is missing or has failed.
    """
    result = trace(connect(stage), subject)
    text = _format(result, Format.JSON if as_json else form, sys.stdout.isatty() and output is None)
    if output:
        output.write_text(text)
    else:
        typer.echo(text, nl=False)
    raise typer.Exit(1 if result.gaps() else 0)


def _format(result: Trace, form: Format, coloured: bool) -> str:
    match form:
        case Format.MERMAID:
            return formats.as_mermaid(result)
        case Format.JSON:
            return json.dumps(formats.as_json(result), indent=2) + "\n"
        case Format.HTML:
            return formats.as_html(result)
        case Format.TREE:
            # A file has no width, so its lines are not wrapped.
            console = Console(
                highlight=False, force_terminal=coloured, width=None if coloured else FILE_WIDTH, file=StringIO()
            )
            console.print(formats.as_tree(result))
            gaps = result.gaps()
            console.print(f"[red]{len(gaps)} amiss.[/]" if gaps else "[green]Nothing is missing.[/]")
            if result.dead_letters_truncated:
                console.print("[yellow]A queue holds more dead letters than were looked through.[/]")
            return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def _line(event: JournalledEvent) -> str:
    verdict = " [red]does not fit its contract[/]" if event.violations else ""
    return (
        f"[dim]{event.occurred_at:%H:%M:%S.%f}[/] [bold]{escape(event.detail_type)}[/] {escape(event.aggregate_id)} "
        f"[dim]{escape(event.source)}  event {escape(event.event_id)}  request {escape(event.correlation_id)}[/]"
        f"{verdict}"
    )

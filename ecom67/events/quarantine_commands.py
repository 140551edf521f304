"""``ecom67 events quarantine``: lists, releases and discards messages that a consumer could not read."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ecom67.base.errors import CliError
from ecom67.base.options import AsJson, Assignments, Edit, StageName, Yes, confirm
from ecom67.base.stage_names import LOCAL
from ecom67.base.tables import print_table
from ecom67.events.message_edit import edit_message, message_violations
from ecom67.events.quarantine import QuarantineEntry, QuarantineTable
from ecom67.stage_client import connect

app = typer.Typer(help="Messages that a consumer could not read.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(help="Ids of the entries, as `list` shows them.")]
OfEvent = Annotated[str | None, typer.Option("--event", help="All entries of this event, one per consumer.")]


@app.command("list")
def list_entries(
    consumer: Annotated[str | None, typer.Option(help="Only entries of this consumer.")] = None,
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """List the entries, newest first."""
    entries = QuarantineTable(connect(stage)).entries(consumer)
    if as_json:
        typer.echo(json.dumps([entry.to_json() for entry in entries], indent=2))
        return
    if not entries:
        typer.echo("Nothing is in quarantine.")
        return
    rows = [
        (
            entry.quarantine_id,
            f"{entry.at:%m-%d %H:%M:%S}",
            str(entry.event.get("detail-type", "unreadable")),
            str(entry.event.get("source", "")),
            entry.reason,
        )
        for entry in entries
    ]
    print_table(("Id", "When (UTC)", "Event", "Source", "Reason"), rows)


@app.command()
def show(
    quarantine_id: Annotated[str, typer.Argument(help="Id of the entry, as `list` shows it.")],
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Show an entry: its consumer, each violation with its path, and the message as received."""
    entry = QuarantineTable(connect(stage)).entry(quarantine_id)
    if as_json:
        typer.echo(json.dumps(entry.to_json(), indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]{escape(entry.quarantine_id)}[/]: {escape(entry.consumer)} could not read it, {entry.at} ")
    for violation in entry.reason.split("; "):
        console.print(f"[red]✗ {escape(violation)}[/]")
    if entry.event:
        console.print_json(data=entry.event)
    else:
        console.print(entry.body, markup=False)


@app.command()
def release(
    ids: Ids = None,
    event_id: OfEvent = None,
    assignments: Assignments = None,
    edit: Edit = False,
    yes: Yes = False,
    stage: StageName = LOCAL,
) -> None:
    """Send entries to the consumers that could not read them. They must fit their contracts."""
    table = QuarantineTable(connect(stage))
    ready = []
    for entry in _chosen(table, ids, event_id):
        body = edit_message(entry.body, assignments or [], edit)
        if violations := message_violations(body):
            details = "\n".join(f"  {violation}" for violation in violations)
            raise CliError(
                f"{entry.quarantine_id} does not fit its contract, so it would come back. Mend the contract, "
                f"or the message with --set or --edit; nothing was released.\n{details}"
            )
        ready.append((entry, body))
    confirm(f"Release {_count(ready)} on stage {stage}?", yes)
    for entry, body in ready:
        typer.echo(f"{entry.quarantine_id} → {table.release(entry, body)}")


@app.command()
def discard(ids: Ids = None, event_id: OfEvent = None, yes: Yes = False, stage: StageName = LOCAL) -> None:
    """Delete entries permanently."""
    table = QuarantineTable(connect(stage))
    chosen = _chosen(table, ids, event_id)
    confirm(f"Forget {_count(chosen)} on stage {stage} for good?", yes)
    for entry in chosen:
        table.discard(entry)
        typer.echo(f"{entry.quarantine_id} discarded")


def _chosen(table: QuarantineTable, ids: list[str] | None, event_id: str | None) -> list[QuarantineEntry]:
    if bool(ids) == bool(event_id):
        raise CliError("Name the entries by their ids, or all of one event by --event.")
    if event_id:
        entries = table.entries(event_id=event_id)
        if not entries:
            raise CliError(f"Nothing of event {event_id} is in quarantine.")
        return entries
    return [table.entry(quarantine_id) for quarantine_id in dict.fromkeys(ids or [])]


def _count(entries: Sequence[object]) -> str:
    return "1 message" if len(entries) == 1 else f"{len(entries)} messages"

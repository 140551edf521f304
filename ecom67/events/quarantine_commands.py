"""``ecom67 events quarantine``: what no consumer could read."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ecom67.base.errors import CliError
from ecom67.base.options import AsJson, Assignments, Edit, StageName, Yes, confirm
from ecom67.base.stage_names import LOCAL
from ecom67.events.message_edit import edited, faults_in
from ecom67.events.quarantine import Quarantined, QuarantineTable
from ecom67.stage_client import connect

app = typer.Typer(help="Events that could not be read.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(help="Of the entries, as `list` shows them.")]
OfEvent = Annotated[str | None, typer.Option("--event", help="All entries of this event, one for each consumer.")]


@app.command("list")
def list_entries(
    consumer: Annotated[str | None, typer.Option(help="Only what this consumer could not read.")] = None,
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """List what is in quarantine, newest first."""
    entries = QuarantineTable(connect(stage)).entries(consumer)
    if as_json:
        typer.echo(json.dumps([entry.plain() for entry in entries], indent=2))
        return
    console = Console(highlight=False)
    if not entries:
        console.print("Nothing is in quarantine.")
        return
    table = Table("Id", "When (UTC)", "Event", "Reason", box=None, pad_edge=False)
    for entry in entries:
        what = f"{entry.event.get('detail-type', 'unreadable')}\n[dim]{escape(str(entry.event.get('source', '')))}[/]"
        table.add_row(escape(entry.quarantine_id), f"{entry.at:%m-%d %H:%M:%S}", what, escape(entry.reason))
    console.print(table)


@app.command()
def show(
    quarantine_id: Annotated[str, typer.Argument(help="As `list` shows it.")],
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Show one entry: who could not read it, each path and reason, and the message as it came."""
    entry = QuarantineTable(connect(stage)).entry(quarantine_id)
    if as_json:
        typer.echo(json.dumps(entry.plain(), indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]{escape(entry.quarantine_id)}[/]: {escape(entry.consumer)} could not read it, {entry.at} ")
    for fault in entry.reason.split("; "):
        console.print(f"[red]✗ {escape(fault)}[/]")
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
    """Send entries again to the consumers that could not read them, once they fit their contract."""
    table = QuarantineTable(connect(stage))
    ready = []
    for entry in _chosen(table, ids, event_id):
        body = edited(entry.body, assignments or [], edit)
        if faults := faults_in(body):
            told = "\n".join(f"  {fault}" for fault in faults)
            raise CliError(
                f"{entry.quarantine_id} does not fit its contract, so it would come back. Mend the contract, "
                f"or the message with --set or --edit; nothing was released.\n{told}"
            )
        ready.append((entry, body))
    confirm(f"Release {_said(ready)} on stage {stage}?", yes)
    for entry, body in ready:
        typer.echo(f"{entry.quarantine_id} → {table.release(entry, body)}")


@app.command()
def discard(ids: Ids = None, event_id: OfEvent = None, yes: Yes = False, stage: StageName = LOCAL) -> None:
    """Forget entries for good."""
    table = QuarantineTable(connect(stage))
    chosen = _chosen(table, ids, event_id)
    confirm(f"Forget {_said(chosen)} on stage {stage} for good?", yes)
    for entry in chosen:
        table.discard(entry)
        typer.echo(f"{entry.quarantine_id} discarded")


def _chosen(table: QuarantineTable, ids: list[str] | None, event_id: str | None) -> list[Quarantined]:
    if bool(ids) == bool(event_id):
        raise CliError("Name the entries by their ids, or all of one event by --event.")
    if event_id:
        entries = table.entries(event_id=event_id)
        if not entries:
            raise CliError(f"Nothing of event {event_id} is in quarantine.")
        return entries
    return [table.entry(quarantine_id) for quarantine_id in dict.fromkeys(ids or [])]


def _said(entries: Sequence[object]) -> str:
    return "1 message" if len(entries) == 1 else f"{len(entries)} messages"

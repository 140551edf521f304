"""``ecom67 dlq``: what failed and waits for somebody, in all dead-letter and parking queues of a stage."""

import json
from contextlib import AbstractContextManager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from ecom67.base.errors import CliError
from ecom67.base.options import AsJson, Assignments, Edit, StageName, Yes, confirm
from ecom67.base.stage_names import LOCAL
from ecom67.events.dead_letters import Filter, Redrive, readied
from ecom67.events.queues import Letter, letters, waiting_queues
from ecom67.stage_client import StageClient, connect

app = typer.Typer(help="Dead letters and parked events.", no_args_is_help=True)

Service = Annotated[str | None, typer.Argument(help="Such as cart; all if left out.")]
OfType = Annotated[str | None, typer.Option("--type", help="Only this type of event, or command.")]
OfRequest = Annotated[str | None, typer.Option("--correlation", help="Only of this request.")]
OfEvent = Annotated[str | None, typer.Option("--event", help="Only this event, or the command that it caused.")]
OfMessage = Annotated[str | None, typer.Option("--message", help="Only the message of this id.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many of each queue.")]


@app.command("list")
def list_queues(service: Service = None, stage: StageName = LOCAL, as_json: AsJson = False) -> None:
    """List the queues, and about how many messages wait in each."""
    queues = waiting_queues(connect(stage), service)
    if as_json:
        told = [
            {"queue": queue.name, "service": queue.service, "kind": queue.kind.value, "messages": queue.messages}
            for queue in queues
        ]
        typer.echo(json.dumps(told, indent=2))
        return
    table = Table("Queue", "Service", "Holds", "Messages", box=None, pad_edge=False)
    for queue in queues:
        count = f"[red]{queue.messages}[/]" if queue.messages else "[dim]0[/]"
        table.add_row(queue.name, queue.service, queue.kind.value, count)
    Console(highlight=False).print(table)


@app.command()
def peek(
    service: Service = None,
    detail_type: OfType = None,
    correlation_id: OfRequest = None,
    event_id: OfEvent = None,
    message_id: OfMessage = None,
    limit: Limit = 20,
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Show messages that wait, and leave them there."""
    chosen = Filter(detail_type, correlation_id, event_id, message_id)
    with _waiting(connect(stage), service, limit) as found:
        meant = [letter for letter in found if chosen.takes(letter)]
    if as_json:
        typer.echo(json.dumps([_plain(letter) for letter in meant], indent=2))
    elif not meant:
        typer.echo("Nothing waits.")
    else:
        console = Console(highlight=False, soft_wrap=True)
        for letter in meant:
            console.print(_head(letter))
            console.print_json(data=letter.event or _plain(letter)["body"])


@app.command()
def redrive(
    service: Service = None,
    detail_type: OfType = None,
    correlation_id: OfRequest = None,
    event_id: OfEvent = None,
    message_id: OfMessage = None,
    assignments: Assignments = None,
    edit: Edit = False,
    limit: Limit = 1000,
    yes: Yes = False,
    stage: StageName = LOCAL,
) -> None:
    """Send messages again to the consumer that failed, and to no other; parked events to the bus."""
    deployed, chosen = connect(stage), Filter(detail_type, correlation_id, event_id, message_id)
    refused = 0
    with _waiting(deployed, service, limit) as found:
        ready = [readied(letter, assignments or [], edit) for letter in found if chosen.takes(letter)]
        if not ready:
            typer.echo("Nothing waits.")
            return
        for letter in ready:
            typer.echo(_summary(letter.letter))
        if invalid := [one for one in ready if one.faults]:
            told = "\n".join(f"  {one.letter.message_id}: {'; '.join(one.faults)}" for one in invalid)
            raise CliError(
                "These do not fit their contract, so nobody could read them. Mend them with --set or --edit, "
                f"or discard them; nothing was sent.\n{told}"
            )
        confirm(f"Send {len(ready)} again on stage {stage}?", yes)
        redriving = Redrive(deployed)
        for one in track(ready, "Redriving", console=Console(stderr=True), transient=True):
            if refusal := redriving.send(one):
                refused += 1
                typer.echo(f"{one.letter.message_id} stays: {refusal}", err=True)
    typer.echo(f"{len(ready) - refused} sent again." + (f" {refused} stay where they are." if refused else ""))
    raise typer.Exit(1 if refused else 0)


@app.command()
def discard(
    service: Annotated[str, typer.Argument(help="Such as cart.")],
    detail_type: OfType = None,
    correlation_id: OfRequest = None,
    event_id: OfEvent = None,
    message_id: OfMessage = None,
    limit: Limit = 1000,
    yes: Yes = False,
    stage: StageName = LOCAL,
) -> None:
    """Delete messages for good. The journal still has the events."""
    deployed, chosen = connect(stage), Filter(detail_type, correlation_id, event_id, message_id)
    with _waiting(deployed, service, limit) as found:
        meant = [letter for letter in found if chosen.takes(letter)]
        if not meant:
            typer.echo("Nothing waits.")
            return
        for letter in meant:
            typer.echo(_summary(letter))
        confirm(f"Delete {len(meant)} on stage {stage} for good?", yes)
        redriving = Redrive(deployed)
        for letter in meant:
            redriving.forget(letter)
    typer.echo(f"{len(meant)} discarded.")


def _waiting(deployed: StageClient, service: str | None, limit: int) -> AbstractContextManager[list[Letter]]:
    return letters(deployed, waiting_queues(deployed, service), limit)


def _summary(letter: Letter) -> str:
    return f"{letter.queue.name}  {letter.what}  event {letter.event_id}  request {letter.correlation_id}"


def _head(letter: Letter) -> str:
    reason = f" [red]{escape(letter.reason)}[/]" if letter.reason else ""
    sent = f"[dim]sent {letter.sent_at:%m-%d %H:%M:%S}, message {letter.message_id}[/]"
    return f"[bold]{escape(_summary(letter))}[/] {sent}{reason}"


def _plain(letter: Letter) -> dict[str, Any]:
    try:
        body = json.loads(letter.body)
    except ValueError:
        body = letter.body
    return {
        "queue": letter.queue.name,
        "messageId": letter.message_id,
        "what": letter.what,
        "eventId": letter.event_id,
        "correlationId": letter.correlation_id,
        "sentAt": letter.sent_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reason": letter.reason,
        "body": body,
    }

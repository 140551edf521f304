"""``ecom67 dlq``: lists, redrives and discards messages in the dead-letter and parking queues of a stage."""

import json
from contextlib import AbstractContextManager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track

from ecom67.base.errors import CliError
from ecom67.base.options import AsJson, Assignments, Edit, StageName, Yes, confirm
from ecom67.base.stage_names import LOCAL
from ecom67.base.tables import print_table
from ecom67.events.dead_letters import MessageFilter, Redriver, prepare
from ecom67.events.queues import DeadLetterMessage, dead_letter_queues, receive_messages
from ecom67.stage_client import StageClient, connect

app = typer.Typer(help="Dead letters and parked events.", no_args_is_help=True)

Service = Annotated[str | None, typer.Argument(help="Name of the service, such as cart; default: all services.")]
OfType = Annotated[str | None, typer.Option("--type", help="Only events of this type, or command.")]
OfRequest = Annotated[str | None, typer.Option("--correlation", help="Only messages of this request.")]
OfEvent = Annotated[str | None, typer.Option("--event", help="Only this event, or the command that it caused.")]
OfMessage = Annotated[str | None, typer.Option("--message", help="Only the message with this id.")]
Limit = Annotated[int, typer.Option(min=1, help="At most this many messages per queue.")]


@app.command("list")
def list_queues(service: Service = None, stage: StageName = LOCAL, as_json: AsJson = False) -> None:
    """List the queues with their approximate number of messages."""
    queues = dead_letter_queues(connect(stage), service)
    if as_json:
        rows = [
            {"queue": queue.name, "service": queue.service, "kind": queue.kind.value, "messages": queue.messages}
            for queue in queues
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    if not queues:
        typer.echo(f"No queue of {service!r} holds dead letters; there is no such service, or it has no queue.")
        return
    found = [(queue.name, queue.service, str(queue.messages), queue.kind.value) for queue in queues]
    print_table(("Queue", "Service", "Messages", "Holds"), found)
    if not any(queue.messages for queue in queues):
        typer.echo("Nothing waits.")


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
    """Show messages without removing them."""
    message_filter = MessageFilter(detail_type, correlation_id, event_id, message_id)
    with _receive(connect(stage), service, limit) as received:
        messages = [message for message in received if message_filter.matches(message)]
    if as_json:
        typer.echo(json.dumps([_to_json(message) for message in messages], indent=2))
    elif not messages:
        typer.echo("Nothing waits.")
    else:
        console = Console(highlight=False, soft_wrap=True)
        for message in messages:
            console.print(_head(message))
            console.print_json(data=message.event or _to_json(message)["body"])


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
    """Send dead letters to the consumer that failed, and parked events to the bus."""
    client, message_filter = connect(stage), MessageFilter(detail_type, correlation_id, event_id, message_id)
    refused = 0
    with _receive(client, service, limit) as received:
        prepared = [
            prepare(message, assignments or [], edit) for message in received if message_filter.matches(message)
        ]
        if not prepared:
            typer.echo("Nothing waits.")
            return
        for one in prepared:
            typer.echo(_summary(one.message))
        if invalid := [one for one in prepared if one.violations]:
            details = "\n".join(f"  {one.message.message_id}: {'; '.join(one.violations)}" for one in invalid)
            raise CliError(
                "These do not fit their contract, so no consumer could read them. Fix them with --set or --edit, "
                f"or discard them; nothing was sent.\n{details}"
            )
        confirm(f"Send {len(prepared)} again on stage {stage}?", yes)
        sending = Redriver(client).send(prepared)
        for sent in track(sending, "Redriving", len(prepared), console=Console(stderr=True), transient=True):
            if sent.refusal:
                refused += 1
                typer.echo(f"{sent.message.message_id} stays: {sent.refusal}", err=True)
    typer.echo(f"{len(prepared) - refused} sent again." + (f" {refused} stay where they are." if refused else ""))
    raise typer.Exit(1 if refused else 0)


@app.command()
def discard(
    service: Annotated[str, typer.Argument(help="Name of the service, such as cart.")],
    detail_type: OfType = None,
    correlation_id: OfRequest = None,
    event_id: OfEvent = None,
    message_id: OfMessage = None,
    limit: Limit = 1000,
    yes: Yes = False,
    stage: StageName = LOCAL,
) -> None:
    """Delete messages permanently. The journal still has their events."""
    client, message_filter = connect(stage), MessageFilter(detail_type, correlation_id, event_id, message_id)
    with _receive(client, service, limit) as received:
        messages = [message for message in received if message_filter.matches(message)]
        if not messages:
            typer.echo("Nothing waits.")
            return
        for message in messages:
            typer.echo(_summary(message))
        confirm(f"Delete {len(messages)} on stage {stage} for good?", yes)
        Redriver(client).delete(messages)
    typer.echo(f"{len(messages)} discarded.")


def _receive(client: StageClient, service: str | None, limit: int) -> AbstractContextManager[list[DeadLetterMessage]]:
    return receive_messages(client, dead_letter_queues(client, service), limit)


def _summary(message: DeadLetterMessage) -> str:
    return f"{message.queue.name}  {message.message_type}  event {message.event_id}  request {message.correlation_id}"


def _head(message: DeadLetterMessage) -> str:
    reason = f" [red]{escape(message.reason)}[/]" if message.reason else ""
    sent = f"[dim]sent {message.sent_at:%m-%d %H:%M:%S}, message {message.message_id}[/]"
    return f"[bold]{escape(_summary(message))}[/] {sent}{reason}"


def _to_json(message: DeadLetterMessage) -> dict[str, Any]:
    try:
        body = json.loads(message.body)
    except ValueError:
        body = message.body
    return {
        "queue": message.queue.name,
        "messageId": message.message_id,
        "what": message.message_type,
        "eventId": message.event_id,
        "correlationId": message.correlation_id,
        "sentAt": message.sent_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reason": message.reason,
        "body": body,
    }

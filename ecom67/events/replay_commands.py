"""``ecom67 events replay``: a plan first; with --execute what it says; with --local in this process."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bus.delivery_log import Outcome
from ecom67.base.errors import CliError
from ecom67.base.options import AsJson, StageName
from ecom67.base.stage_names import LOCAL
from ecom67.events.consumers import refuse_unknown_effects
from ecom67.events.event_filter import Selection, moment_of, source_of
from ecom67.events.journal import JournalledEvent, JournalReader
from ecom67.events.local_replay import ReplayHere, Trial
from ecom67.events.replay_plan import Origin, Plan, Plans, made_again, planned
from ecom67.events.replay_run import ArchiveReplay, JournalReplay, refuse_what_an_archive_cannot
from ecom67.events.subscriptions import Subscription
from ecom67.stage_client import StageClient, connect

PACE = 50.0
"""Events a second: a fraction of what queues and functions take, so that the shop's own are not held up."""
INTERRUPTED = 130


def replay(
    since: Annotated[str | None, typer.Option(help="Since then: 1h, 7d, or 2030-01-01T12:00Z.")] = None,
    until: Annotated[str | None, typer.Option(help="Until then; now if left out.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this source, such as orders.")] = None,
    detail_type: Annotated[str | None, typer.Option("--type", help="Only of this type, such as OrderPlaced.")] = None,
    correlation_id: Annotated[str | None, typer.Option("--correlation", help="Only of this request.")] = None,
    order_id: Annotated[str | None, typer.Option("--order", help="Only about this order.")] = None,
    consumers: Annotated[
        list[str] | None,
        typer.Option("--consumer", help="Only to this one, such as cart; as often as needed."),
    ] = None,
    origin: Annotated[
        Origin, typer.Option("--from", help="The journal has 30 days, the archive a year.")
    ] = Origin.JOURNAL,
    allowed: Annotated[
        list[str] | None, typer.Option("--allow", help="Let this effect happen outside: email, refund.")
    ] = None,
    execute: Annotated[bool, typer.Option("--execute", help="Do it; without it nothing is done.")] = False,
    plan_name: Annotated[
        str | None, typer.Option("--plan", help="Execute this plan, or go on with it, unless it is stale.")
    ] = None,
    pace: Annotated[float, typer.Option(min=0.1, help="Events a second at the most, from the journal.")] = PACE,
    here: Annotated[
        str | None,
        typer.Option("--local", help="Feed the events to this module's consumer, in this process; breakpoints work."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="With --local: do not deny writes and the network.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="With --local: only the newest so many.")] = None,
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Deliver events of the past again. Prints a plan, and does nothing without --execute.

    Consumers see that an event is replayed: side effects outside of the shop are suppressed unless allowed.
    """
    deployed, now = connect(stage), datetime.now(UTC)
    selection = Selection(
        since=moment_of(since, now) if since else None,
        until=moment_of(until, now) if until else None,
        source=source_of(source),
        detail_type=detail_type,
        correlation_id=correlation_id,
        order_id=order_id,
    )
    if plan_name and (selection != Selection() or consumers or allowed or here):
        raise CliError("A plan holds all that it is about: give --plan alone, with --execute.")
    if not plan_name and not (since or correlation_id or order_id):
        raise CliError("Say what to replay: --since, --correlation or --order.")
    refuse_unknown_effects(allowed or [])
    if here:
        _here(deployed, selection, here, allowed or [], write=write, limit=limit)
        return
    plans = Plans(deployed)
    if plan_name:
        plan = plans.read(plan_name)
        with plans.alone(plan.name) if execute else nullcontext():
            events, rules = made_again(deployed, plan)
            _tell(plan, pace, as_json)
            if execute:
                _execute(deployed, plans, plan, events, rules, pace)
        return
    plan, events, rules = planned(deployed, selection, origin, consumers or [], allowed or [])
    refuse_what_an_archive_cannot(plan, deployed)
    _tell(plan, pace, as_json)
    if not plan.shares:
        return
    plans.keep(plan)
    if not execute:
        if not as_json:
            typer.echo(f"\nNothing was done. To do it: {_command(plan)}")
        return
    with plans.alone(plan.name):
        _execute(deployed, plans, plan, events, rules, pace)


def _execute(
    stage: StageClient, plans: Plans, plan: Plan, events: list[JournalledEvent], rules: list[Subscription], pace: float
) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        try:
            if plan.origin is Origin.JOURNAL:
                task = progress.add_task("Replaying", total=len(events), completed=plan.sent)
                plan = JournalReplay(stage, plans, pace).run(
                    plan, events, rules, lambda sent: progress.update(task, completed=sent)
                )
            else:
                task = progress.add_task("Replaying", total=None)
                plan = ArchiveReplay(stage, plans).run(
                    plan, rules, lambda how: progress.update(task, description=f"EventBridge: {how}")
                )
        except KeyboardInterrupt:
            progress.stop()
            typer.echo(f"Interrupted. To go on: {_command(plan)}", err=True)
            raise typer.Exit(INTERRUPTED) from None
    finished = plan.finished_at or plan.made_at
    typer.echo(f"Replay {plan.name} is on its way: all of it was sent by {finished:%H:%M:%S} UTC.", err=True)


def _command(plan: Plan) -> str:
    stage = "" if plan.stage == LOCAL else f" --stage {plan.stage}"
    return f"ecom67 events replay --plan {plan.name} --execute{stage}"


def _tell(plan: Plan, pace: float, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(plan.model_dump(mode="json", exclude={"digest"}), indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    about = "about " if plan.origin is Origin.ARCHIVE else ""
    console.print(f"[bold]Replay {escape(plan.name)}[/] on stage {plan.stage}, from the {plan.origin}")
    console.print(f"{about}{len(plan.event_ids)} events: {escape(plan.selection.said())}")
    if plan.left_out:
        console.print(f"[yellow]{plan.left_out} do not fit their contract and are left out.[/]")
    if not plan.shares:
        console.print("Nobody would get any of them; there is nothing to do.")
        return
    console.print(", ".join(f"{count} {name}" for name, count in plan.types.items()))
    table = Table("Consumer", "Events", "Suppressed", box=None, pad_edge=False)
    for share in plan.shares:
        suppressed = ", ".join(f"{count} × {effect}" for effect, count in share.suppressed.items())
        table.add_row(share.consumer, str(share.events), f"[yellow]{suppressed}[/]" if suppressed else "–")
    console.print(table)
    if plan.allowed:
        console.print(f"[red]Allowed outside of the shop: {', '.join(plan.allowed)}[/]")
    if plan.sent and plan.origin is Origin.JOURNAL:
        console.print(f"{plan.sent} of them were sent before; it goes on from there.")
    if plan.origin is Origin.JOURNAL:
        console.print(f"At {pace:g} events a second it takes {(len(plan.event_ids) - plan.sent) / pace:.0f} s or more.")
    else:
        console.print("EventBridge sets the pace, and counts by the archive; told here is what the journal has.")


def _here(
    stage: StageClient, selection: Selection, module: str, allowed: list[str], *, write: bool, limit: int | None
) -> None:
    trying = ReplayHere(stage, module, allowed, write=write)
    events = [event for event in JournalReader(stage).selected(selection) if trying.takes(event)]
    events = events[-limit:] if limit else events
    console = Console(highlight=False, soft_wrap=True)
    if not events:
        console.print(f"{trying.consumer.name} has no handler for any event {escape(selection.said())}.")
        return
    console.print(f"{len(events)} events for {module}. " + ("" if write else "Writes and the network are denied."))
    # No progress bar: a breakpoint has the terminal to itself.
    failed = False
    for event in events:
        tried = trying.feed(event)
        failed = failed or tried.outcome in (Outcome.FAILED, Outcome.QUARANTINED)
        _tell_trial(console, tried)
    raise typer.Exit(1 if failed else 0)


def _tell_trial(console: Console, tried: Trial) -> None:
    head = f"[bold]{escape(tried.event.detail_type)}[/] {escape(tried.event.event_id)}"
    if tried.denied:
        console.print(f"[yellow]■[/] {head} was stopped after {tried.ms:.1f} ms, before {escape(tried.denied)}")
    elif tried.why:
        console.print(f"[red]✗[/] {head} {'failed' if tried.outcome is Outcome.FAILED else 'could not be read'}")
        console.print(tried.why, markup=False)
    else:
        outcome = "suppressed" if tried.outcome is Outcome.SUPPRESSED else "handled"
        console.print(f"[green]✓[/] {head} {outcome} in {tried.ms:.1f} ms")

"""``ecom67 events replay``: plans a replay; executes it with --execute, or in this process with --local."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bus.delivery_log import Outcome
from ecom67.base.errors import CliError
from ecom67.base.options import AsJson, StageName
from ecom67.base.progress import progress_bars
from ecom67.base.stage_names import LOCAL
from ecom67.base.tables import print_table
from ecom67.events.consumers import require_known_effects
from ecom67.events.event_filter import EventFilter, full_source, parse_moment
from ecom67.events.journal import StageJournal
from ecom67.events.local_replay import LocalReplay, ReplayResult
from ecom67.events.replay_plan import Origin, Plan, PlanStore, make_plan, revalidate_plan
from ecom67.events.replay_run import ArchiveReplay, JournalReplay, require_archive_support
from ecom67.events.subscriptions import BusRule
from ecom67.stage_client import StageClient, connect

DEFAULT_PACE = 50.0
"""Events per second: a fraction of the capacity of queues and functions, so that the shop's traffic is not delayed."""
INTERRUPTED = 130


def replay(
    since: Annotated[str | None, typer.Option(help="Start: 1h or 7d ago, or a time such as 2030-01-01T12:00Z.")] = None,
    until: Annotated[str | None, typer.Option(help="End; default: now.")] = None,
    source: Annotated[str | None, typer.Option(help="Only events of this source, such as orders.")] = None,
    detail_type: Annotated[
        str | None, typer.Option("--type", help="Only events of this type, such as OrderPlaced.")
    ] = None,
    correlation_id: Annotated[str | None, typer.Option("--correlation", help="Only events of this request.")] = None,
    order_id: Annotated[str | None, typer.Option("--order", help="Only events about this order.")] = None,
    consumers: Annotated[
        list[str] | None,
        typer.Option("--consumer", help="Only to this consumer, such as cart; repeatable."),
    ] = None,
    origin: Annotated[
        Origin, typer.Option("--from", help="Source of the events: the journal has 30 days, the archive a year.")
    ] = Origin.JOURNAL,
    allowed: Annotated[
        list[str] | None, typer.Option("--allow", help="Do not suppress this external effect: email, refund.")
    ] = None,
    execute: Annotated[bool, typer.Option("--execute", help="Execute the plan instead of only printing it.")] = False,
    plan_name: Annotated[
        str | None, typer.Option("--plan", help="Execute or continue this plan, unless it is stale.")
    ] = None,
    pace: Annotated[float, typer.Option(min=0.1, help="Maximum events per second, from the journal.")] = DEFAULT_PACE,
    local_module: Annotated[
        str | None,
        typer.Option(
            "--local", help="Pass the events to the consumer of this module, in this process; breakpoints work."
        ),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="With --local: allow writes and the network.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="With --local: only this many of the newest events.")] = None,
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Deliver past events again. Prints a plan; executes it only with --execute.

    Consumers recognise replayed events: external effects, such as e-mails, are suppressed unless allowed.
    """
    client, now = connect(stage), datetime.now(UTC)
    event_filter = EventFilter(
        since=parse_moment(since, now) if since else None,
        until=parse_moment(until, now) if until else None,
        source=full_source(source),
        detail_type=detail_type,
        correlation_id=correlation_id,
        order_id=order_id,
    )
    if plan_name and (event_filter != EventFilter() or consumers or allowed or local_module):
        raise CliError("A plan contains all other options: give --plan alone, with --execute.")
    if not plan_name and not (since or correlation_id or order_id):
        raise CliError("Say what to replay: --since, --correlation or --order.")
    require_known_effects(allowed or [])
    if local_module:
        _replay_locally(client, event_filter, local_module, allowed or [], write=write, limit=limit)
        return
    plans = PlanStore(client)
    if plan_name:
        plan = plans.load(plan_name)
        with plans.lock(plan.name) if execute else nullcontext():
            rules = revalidate_plan(client, plan)
            _print_plan(plan, pace, as_json)
            if execute:
                _execute(client, plans, plan, rules, pace)
        return
    plan, rules = make_plan(client, event_filter, origin, consumers or [], allowed or [])
    require_archive_support(plan, client)
    _print_plan(plan, pace, as_json)
    if not plan.shares:
        return
    plans.save(plan)
    if not execute:
        if not as_json:
            typer.echo(f"\nNothing was done. To do it: {_command(plan)}")
        return
    with plans.lock(plan.name):
        _execute(client, plans, plan, rules, pace)


def _execute(stage: StageClient, plans: PlanStore, plan: Plan, rules: list[BusRule], pace: float) -> None:
    with progress_bars(Console(stderr=True)) as progress:
        try:
            if plan.origin is Origin.JOURNAL:
                task = progress.add_task("Replaying", total=len(plan.event_ids), completed=plan.sent)
                plan = JournalReplay(stage, plans, pace).run(
                    plan, rules, lambda sent: progress.update(task, completed=sent)
                )
            else:
                task = progress.add_task("Replaying", total=None)
                plan = ArchiveReplay(stage, plans).run(
                    plan, rules, lambda state: progress.update(task, description=f"EventBridge: {state}")
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


def _print_plan(plan: Plan, pace: float, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(plan.model_dump(mode="json", exclude={"digest"}), indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    about = "about " if plan.origin is Origin.ARCHIVE else ""
    console.print(f"[bold]Replay {escape(plan.name)}[/] on stage {plan.stage}, from the {plan.origin}")
    console.print(f"{about}{len(plan.event_ids)} events: {escape(plan.event_filter.describe())}")
    if plan.left_out:
        console.print(f"[yellow]{plan.left_out} do not fit their contract and are left out.[/]")
    if not plan.shares:
        console.print("No consumer would receive any of them; there is nothing to do.")
        return
    console.print(", ".join(f"{count} {name}" for name, count in plan.types.items()))
    shares = [
        (
            share.consumer,
            str(share.events),
            ", ".join(f"{count} × {effect}" for effect, count in share.suppressed.items()) or "–",
        )
        for share in plan.shares
    ]
    print_table(("Consumer", "Events", "Suppressed"), shares)
    if plan.allowed:
        console.print(f"[red]Allowed outside of the shop: {', '.join(plan.allowed)}[/]")
    if plan.sent and plan.origin is Origin.JOURNAL:
        console.print(f"{plan.sent} of them were sent before; it continues from there.")
    if plan.origin is Origin.JOURNAL:
        console.print(f"At {pace:g} events a second it takes {(len(plan.event_ids) - plan.sent) / pace:.0f} s or more.")
    else:
        console.print("EventBridge sets the pace and reads the archive; the counts above are those of the journal.")


def _replay_locally(
    stage: StageClient, event_filter: EventFilter, module: str, allowed: list[str], *, write: bool, limit: int | None
) -> None:
    local_replay = LocalReplay(stage, module, allowed, write=write)
    journal = StageJournal(stage)
    found = [event.event_id for event in journal.find(event_filter) if local_replay.subscribes_to(event)]
    event_ids = found[-limit:] if limit else found
    console = Console(highlight=False, soft_wrap=True)
    if not event_ids:
        console.print(f"{local_replay.consumer.name} has no handler for any event {escape(event_filter.describe())}.")
        return
    console.print(f"{len(event_ids)} events for {module}. " + ("" if write else "Writes and the network are denied."))
    # No progress bar: a debugger needs the terminal.
    failed = False
    for event in journal.events(event_ids):
        result = local_replay.handle(event)
        failed = failed or result.outcome in (Outcome.FAILED, Outcome.QUARANTINED)
        _print_result(console, result)
    raise typer.Exit(1 if failed else 0)


def _print_result(console: Console, result: ReplayResult) -> None:
    head = f"[bold]{escape(result.event.detail_type)}[/] {escape(result.event.event_id)}"
    if result.blocked:
        console.print(f"[yellow]■[/] {head} was stopped after {result.ms:.1f} ms, before {escape(result.blocked)}")
    elif result.reason:
        console.print(f"[red]✗[/] {head} {'failed' if result.outcome is Outcome.FAILED else 'could not be read'}")
        console.print(result.reason, markup=False)
    else:
        outcome = "suppressed" if result.outcome is Outcome.SUPPRESSED else "handled"
        console.print(f"[green]✓[/] {head} {outcome} in {result.ms:.1f} ms")

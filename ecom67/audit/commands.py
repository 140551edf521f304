"""``ecom67 audit``: whether the money, orders, stock, events and mails of a stage agree."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from audit.comparison import AuditReport, audit
from ecom67.audit.settling import dead_letters, settle
from ecom67.audit.stage_reader import ledger_reader
from ecom67.base.options import AsJson, StageName
from ecom67.base.stage_names import LOCAL
from ecom67.events.event_filter import parse_moment
from ecom67.local.connection import connection
from ecom67.stage_client import connect

app = typer.Typer()

GRACE = timedelta(seconds=60)
"""What happened within that time is left out where the stage does not come to rest."""


@app.command("audit")
def show_audit(
    since: Annotated[
        str | None,
        typer.Option(help="Compare only what has moved since then: 30m, 2h, 1d, or a time; default: everything."),
    ] = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait at most until nothing is on its way.")] = 30,
    as_json: AsJson = False,
    stage: StageName = LOCAL,
) -> None:
    """Compare what Stripe, payments, orders, reservations, stock, journal and mails say of each order.

    It changes nothing. Exit code 1: something differs.
    """
    client = connect(stage)
    begin = parse_moment(since, datetime.now(UTC)) if since else None
    console = Console(stderr=True, highlight=False)
    with console.status("Waiting until nothing is on its way") as status:
        busy = settle(client, wait)
        mailbox_url = connection().mailbox_url if client.is_local else None
        reader = ledger_reader(client, mailbox_url, lambda what: status.update(f"Reading {what}"))
        report = audit(reader, begin, GRACE if busy else timedelta())
        waiting = dead_letters(client)
    if as_json:
        typer.echo(json.dumps({**report.to_json(), "busyQueues": busy, "deadLetters": waiting}, indent=2))
    else:
        _print(report, busy, waiting)
    raise typer.Exit(1 if report.differences else 0)


def _print(report: AuditReport, busy: list[str], waiting: dict[str, int]) -> None:
    for difference in report.differences:
        typer.echo(f"{difference.kind}  {difference.sentence}")
    if busy:
        typer.echo(
            f"Messages are still on their way in {', '.join(busy)}; {len(report.moving)} orders that moved in the last"
            f" {GRACE.seconds} s are left out."
        )
    for queue, messages in waiting.items():
        typer.echo(f"{messages} messages wait in {queue}: `ecom67 dlq peek` shows them.")
    found = len(report.differences)
    summary = f"{found} difference{'s' if found != 1 else ''}" if found else "no difference"
    typer.echo(f"{report.orders} orders and {report.products} products: {summary}.")

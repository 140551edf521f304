"""``ecom67 reports``: whether the figures of a stage are those of its journal."""

import json
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ecom67.audit.settling import settle
from ecom67.base.options import AsJson, StageName
from ecom67.base.stage_names import LOCAL
from ecom67.reports.rebuild import MAX_DAYS, Comparison, Rebuild, today
from ecom67.stage_client import connect

app = typer.Typer(no_args_is_help=True, help="The reports of sales.")


@app.callback()
def group() -> None:
    """Keep the name of the one command, to which others may come."""


@app.command()
def rebuild(
    days: Annotated[int, typer.Option(min=1, max=MAX_DAYS, help="How many days, today included.")] = MAX_DAYS,
    repair: Annotated[bool, typer.Option(help="Count what the live reports lack. Nothing is counted twice.")] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait at most until nothing is on its way.")] = 30,
    as_json: AsJson = False,
    stage: StageName = LOCAL,
) -> None:
    """Count the journal's events anew beside the live reports, and compare both, fact by fact.

    Where the stage does not come to rest, today is left out. Exit code 1: something differs.
    """
    client = connect(stage)
    console = Console(stderr=True, highlight=False)
    with console.status("Waiting until nothing is on its way") as status:
        busy = settle(client, wait)
        last = today()
        rebuilt = Rebuild(client, last - timedelta(days=days - 1), last - timedelta(days=1) if busy else last)
        rejected = rebuilt.count(status.update)
        found = list(rebuilt.compare(status.update))
        if repair and any(comparison.missing for comparison in found):
            rebuilt.count(status.update, live=True)
            found = list(rebuilt.compare(status.update))
    if as_json:
        report = {"compared": [each.to_json() for each in found], "rejected": rejected, "busyQueues": busy}
        typer.echo(json.dumps(report, indent=2))
    else:
        _print(found, rejected, busy)
    raise typer.Exit(0 if all(each.agrees for each in found) else 1)


def _print(found: list[Comparison], rejected: dict[str, str], busy: list[str]) -> None:
    console = Console(highlight=False)
    differing = [each for each in found if not each.agrees]
    compared = sum(each.compared for each in found)
    if busy:
        console.print(f"Messages are still on their way in {', '.join(busy)}: today is left out.")
    for event_id, reason in rejected.items():
        console.print(f"Not counted: {event_id}, {reason}.")
    if not differing:
        console.print(f"{compared} facts and products of {len(found) - 1} days are the same in both.")
        return
    table = Table("", "compared", "missing", "only live", "different", "figures")
    for each in differing:
        keys = ("\n".join(keys) for keys in (each.missing, each.surplus, each.different))
        table.add_row(each.what, str(each.compared), *keys, "the same" if each.figures_agree else "differ")
    console.print(table)

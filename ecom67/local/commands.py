"""The commands of the local stage: ``up``, ``down``, ``clean``, ``status``, ``token``, ``opensearch``."""

import json
import signal
from typing import Annotated

import typer
from rich.console import Console

from ecom67.base.progress import ProgressTree
from ecom67.local import accounts, lifecycle
from ecom67.local.connection import connection, state_folder
from ecom67.local.stage_paths import StagePaths
from ecom67.local.standins.opensearch import node
from ecom67.local.status import StageStatus, status

app = typer.Typer()


@app.command()
def up(
    shop_port: Annotated[int | None, typer.Option(envvar="ECOM67_SHOP_PORT", help="Port of the shop.")] = None,
    emulator_port: Annotated[
        int | None, typer.Option(envvar="ECOM67_EMULATOR_PORT", help="Port of the AWS emulator.")
    ] = None,
    stripe_port: Annotated[
        int | None, typer.Option(envvar="ECOM67_STRIPE_PORT", help="Port of the stand-in for Stripe.")
    ] = None,
    products: Annotated[int | None, typer.Option(min=0, help="Import only this number of products.")] = None,
) -> None:
    """Start the shop on this machine, or update it to the current sources."""
    paths = StagePaths.at(state_folder()).with_ports(shop_port, emulator_port, stripe_port)
    steps = ProgressTree("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        lifecycle.up(paths, steps, products)
    _print_addresses(status(paths))
    typer.echo(f"\nUp in {steps.seconds:.1f} s. Stop it with `make down`; its data stay.")


@app.command()
def down() -> None:
    """Stop the local shop and keep its data."""
    steps = ProgressTree("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        ran = lifecycle.down(StagePaths.at(state_folder()), steps)
    typer.echo("Stopped; its data stay." if ran else "It was not running.")


@app.command()
def clean() -> None:
    """Stop the local shop and delete all its data."""
    steps = ProgressTree("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        lifecycle.clean(StagePaths.at(state_folder()), steps)
    typer.echo("Everything of the local stage is forgotten.")


@app.command("status")
def show_status(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the addresses and the health of the local shop. Exit code 1: some processes do not run."""
    current = status(StagePaths.at(state_folder()))
    if as_json:
        typer.echo(json.dumps({**current.addresses, "processes": current.processes}, indent=2))
    else:
        _print_addresses(current)
    raise typer.Exit(0 if current.is_up else 1)


@app.command()
def token(
    email: Annotated[str, typer.Option(help="E-mail address of the account, which is created if needed.")],
    staff: Annotated[bool, typer.Option("--staff", help="Add the account to the shop's staff.")] = False,
) -> None:
    """Print an ID token for the local shop's API."""
    typer.echo(connection().token(email, staff=staff))


@app.command("opensearch")
def run_opensearch(
    port: Annotated[int, typer.Option(envvar="ECOM67_OPENSEARCH_PORT", help="Port of the node.")] = 9200,
) -> None:
    """Run an OpenSearch node on this machine until interrupted."""
    # Not in the stage's folder: it survives `ecom67 clean`, and may be started before the first `ecom67 up`.
    process = node.node(node.DATA / str(port), port)
    # SIGTERM ends the node, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with node.running(process):
        typer.echo(f"OpenSearch is on {node.url_of(process)}. To search with it, restart the shop:")
        typer.echo(f"  OPENSEARCH_URL={node.url_of(process)} make up")
        typer.echo("Stop it with Ctrl-C; its data stay.")
        signal.pause()


def _print_addresses(current: StageStatus) -> None:
    titles = {
        "shop": "Shop",
        "api": "API",
        "ws": "Chat",
        "mailbox": "E-mails",
        "emulator": "AWS emulator",
        "stripe": "Stripe stand-in",
    }
    lines = {title: current.addresses[name] for name, title in titles.items() if current.addresses[name]}
    if current.addresses["userPoolId"]:
        lines["Shopper"] = f"{accounts.SHOPPER}, password {accounts.PASSWORD}"
        lines["Staff"] = f"{accounts.STAFF}, password {accounts.PASSWORD}"
    lines["Health"] = current.summary
    typer.echo()
    for title, text in lines.items():
        typer.echo(f"{title:<16} {text}")
    if not current.is_up:
        for name, health in current.processes.items():
            typer.echo(f"  {name:<14} {health}")

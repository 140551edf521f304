"""The command line of the shop: ``ecom67``."""

import json
import os
import signal
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
)
from rich.console import Console

from ecom67.search import commands
from ecom67.local import accounts, logs, stage, storefront
from ecom67.base import cdk
from ecom67.local.connection import STATE_VARIABLE, connection, state_folder
from ecom67.base.errors import Fault
from ecom67.local.stage_paths import STAGE, Layout
from ecom67.local.standins.opensearch import node
from ecom67.local.status import Health, Status, status
from ecom67.base.progress import Steps

INTERRUPTED = 130


class CommandLine(typer.Typer):
    """Says what went wrong in a sentence instead of with a traceback."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().__call__(*args, **kwargs)
        except Fault as fault:
            sys.exit(_complain(str(fault)))
        except (ConnectionError, HTTPClientError, httpx.TransportError) as error:
            sys.exit(_complain(f"The local stage does not answer ({error}). Start it with `make up`."))
        except (NoCredentialsError, NoRegionError) as error:
            sys.exit(_complain(f"AWS cannot be reached from here: {error}"))
        except ClientError as error:
            sys.exit(_complain(f"AWS refuses: {error}"))
        except KeyboardInterrupt:
            _complain("Interrupted.")
            sys.exit(INTERRUPTED)


app = CommandLine(no_args_is_help=True, add_completion=False, help="The e-com67 shop, on this machine and in AWS.")
web = typer.Typer(no_args_is_help=True, help="The shop in the browser.")
app.add_typer(web, name="web")


@app.callback()
def _choose(
    state: Annotated[
        Path | None,
        typer.Option(envvar=STATE_VARIABLE, help="Folder of another local stage than the one in `.local`."),
    ] = None,
) -> None:
    if state:
        os.environ[STATE_VARIABLE] = str(state)


@app.command()
def up(
    shop_port: Annotated[int | None, typer.Option(envvar="ECOM67_SHOP_PORT", help="Port of the shop.")] = None,
    emulator_port: Annotated[
        int | None, typer.Option(envvar="ECOM67_EMULATOR_PORT", help="Port of the AWS emulator.")
    ] = None,
    stripe_port: Annotated[
        int | None, typer.Option(envvar="ECOM67_STRIPE_PORT", help="Port of the stand-in for Stripe.")
    ] = None,
    products: Annotated[int | None, typer.Option(min=0, help="Import only so many of the products.")] = None,
) -> None:
    """Bring the whole shop up on this machine, or up to date."""
    layout = Layout.at(state_folder()).with_ports(shop_port, emulator_port, stripe_port)
    steps = Steps("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        stage.up(layout, steps, products)
    _print_addresses(status(layout))
    typer.echo(f"\nUp in {steps.seconds:.1f} s. Stop it with `make down`; its data stay.")


@app.command()
def down() -> None:
    """Stop the local shop. Its data stay for the next start."""
    steps = Steps("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        ran = stage.down(Layout.at(state_folder()), steps)
    typer.echo("Stopped; its data stay." if ran else "It was not running.")


@app.command()
def clean() -> None:
    """Stop the local shop and forget all its data."""
    steps = Steps("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        stage.clean(Layout.at(state_folder()), steps)
    typer.echo("Everything of the local stage is forgotten.")


@app.command("status")
def show_status(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Tell where the local shop is and how it does; exit code 1 where not all of it runs."""
    current = status(Layout.at(state_folder()))
    if as_json:
        typer.echo(json.dumps({**current.addresses, "processes": current.processes}, indent=2))
    else:
        _print_addresses(current)
    raise typer.Exit(0 if current.is_up else 1)


@app.command("logs")
def show_logs(
    service: Annotated[str | None, typer.Argument(help="Such as orders; all of them if left out.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes.")] = False,
    minutes: Annotated[float, typer.Option(help="How far back to begin.")] = 60,
) -> None:
    """Show what the local shop's functions have logged, in the order of time."""
    layout, since = connection().layout, int((time.time() - 60 * minutes) * 1000)
    found = logs.follow(layout, service, since) if follow else logs.entries(layout, service, since)
    for entry in found:
        if (line := logs.rendered(entry)) is not None:
            typer.echo(line)


@app.command()
def token(
    email: Annotated[str, typer.Option(help="Of the account; it is made if there is none.")],
    staff: Annotated[bool, typer.Option("--staff", help="Of the shop's staff.")] = False,
) -> None:
    """Print an ID token for the local shop's API."""
    typer.echo(connection().token(email, staff=staff))


@app.command()
def deploy(
    service: Annotated[str | None, typer.Argument(help="Such as orders; in AWS, all if left out.")] = None,
    to: Annotated[str, typer.Option("--stage", help="local, or a stage in AWS.")] = STAGE,
) -> None:
    """Deploy one service and nothing else."""
    if to != STAGE:
        raise typer.Exit(_deploy_to_aws(service, to))
    if service is None:
        raise Fault("Name the service to deploy; `make up` deploys all of them.")
    steps = Steps("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        stage.redeploy(connection().layout, service, steps)


@app.command("opensearch")
def run_opensearch(
    port: Annotated[int, typer.Option(envvar="ECOM67_OPENSEARCH_PORT", help="Port of the node.")] = 9200,
) -> None:
    """Run a real OpenSearch node on this machine until it is interrupted."""
    # Not in the stage's folder: it outlives `ecom67 clean`, and may come before the first `ecom67 up`.
    process = node.node(node.DATA / str(port), port)
    # Whoever ends this command ends the node too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with node.running(process):
        typer.echo(f"OpenSearch is on {node.url_of(process)}. To search with it, start the shop anew:")
        typer.echo(f"  OPENSEARCH_URL={node.url_of(process)} make up")
        typer.echo("Stop it with Ctrl-C; its data stay.")
        signal.pause()


@web.command("build")
def build_shop() -> None:
    """Build the shop in the browser, where its sources have changed."""
    built = storefront.build(storefront.CACHE / "shop.log")
    typer.echo("Built." if built else "Nothing has changed.")


@web.command("publish")
def publish_shop(to: Annotated[str, typer.Option("--stage", help="A stage in AWS.")]) -> None:
    """Build the shop in the browser and put it into a stage in AWS, whose stacks are deployed."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        raise Fault(f"AWS_ENDPOINT_URL is set, so nothing would get to stage {to} in AWS. Unset it.")
    import boto3

    from ecom67.web import publication
    from infra.stage import stage_named

    storefront.build(storefront.CACHE / "shop.log")
    files = publication.publish(stage_named(to), storefront.BUILT, boto3.Session())
    typer.echo(f"{files} files are published.")


@web.command("dev")
def serve_shop(port: Annotated[int, typer.Option(help="Of the server with hot reload.")] = 5173) -> None:
    """Serve the shop as it is written, with hot reload, in front of the stage that runs."""
    running = status(Layout.at(state_folder()))
    if not running.is_up:
        raise Fault("The local stage does not run. Start it with `make up`.")
    raise typer.Exit(storefront.serve_sources(str(running.addresses["shop"]), port, os.environ))


def _deploy_to_aws(service: str | None, to: str) -> int:
    if os.environ.get("AWS_ENDPOINT_URL"):
        raise Fault(f"AWS_ENDPOINT_URL is set, so stage {to} would not be deployed to AWS. Unset it.")
    cdk.check()
    from ecom67.deploy import aws
    from infra.stage import stage_named

    code = aws.deploy(stage_named(to), service, os.environ)
    if code == 0 and service in (None, "search"):
        commands.rebuild_where_needed(to)
    return code


def _print_addresses(current: Status) -> None:
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
    lines |= {name: health for name, health in current.processes.items() if health is not Health.RUNNING}
    typer.echo()
    for title, text in lines.items():
        typer.echo(f"{title:<16} {text}")


def _complain(text: str) -> int:
    typer.echo(text, err=True)
    return 1


def _mount(module: str, name: str) -> None:
    """Add the commands of a module that is there, and do without one that is not."""
    if find_spec(module) is not None:
        app.add_typer(import_module(module).app, name=name)


_mount("ecom67.catalog.commands", "catalog")
_mount("ecom67.contracts.commands", "schemas")
_mount("ecom67.eventcatalog.commands", "docs")
_mount("openapi.commands", "openapi")
_mount("ecom67.help.commands", "help")
_mount("ecom67.events.commands", "events")
_mount("ecom67.events.dlq_commands", "dlq")
_mount("ecom67.search.commands", "search")

if find_spec("ecom67.demo") is not None:

    @app.command()
    def demo() -> None:
        """Walk through a purchase and what follows from it."""
        raise typer.Exit(import_module("ecom67.demo").run())


if __name__ == "__main__":
    app()

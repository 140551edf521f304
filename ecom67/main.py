"""The command line ``ecom67``: all command groups, and how their errors are reported."""

import os
import sys
from importlib.metadata import version
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

import ecom67.audit.commands
import ecom67.catalog.commands
import ecom67.contracts.commands
import ecom67.demo.commands
import ecom67.deploy.commands
import ecom67.deploy.stripe_commands
import ecom67.eventcatalog.commands
import ecom67.events.commands
import ecom67.events.dlq_commands
import ecom67.help.commands
import ecom67.local.commands
import ecom67.logs.commands
import ecom67.orders.commands
import ecom67.reports.commands
import ecom67.search.commands
import ecom67.staff.commands
import ecom67.web.commands
import openapi.commands
from ecom67.base.errors import CliError
from ecom67.base.options import selected_stage
from ecom67.base.stage_names import LOCAL
from ecom67.local.connection import STATE_VARIABLE

INTERRUPTED = 130


class CliApp(typer.Typer):
    """A Typer application that reports expected errors as one sentence instead of a traceback."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command of the arguments; exits with 1 after an expected error."""
        try:
            return super().__call__(*args, **kwargs)
        except CliError as error:
            sys.exit(_report(str(error)))
        except (ConnectionError, HTTPClientError, httpx.TransportError, NoCredentialsError, NoRegionError) as error:
            sys.exit(_report(_unreachable(selected_stage(), error)))
        except ClientError as error:
            sys.exit(_report(f"AWS refuses a request about stage {selected_stage()}: {error}"))
        except KeyboardInterrupt:
            _report("Interrupted.")
            sys.exit(INTERRUPTED)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ecom67 {version('ecom67')}")
        raise typer.Exit


app = CliApp(no_args_is_help=True, help="The e-com67 shop, on this machine and in AWS.")
app.add_typer(ecom67.local.commands.app)
app.add_typer(ecom67.logs.commands.app)
app.add_typer(ecom67.deploy.commands.app)
app.add_typer(ecom67.demo.commands.app)
app.add_typer(ecom67.audit.commands.app)
app.add_typer(ecom67.web.commands.app, name="web")
app.add_typer(ecom67.catalog.commands.app, name="catalog")
app.add_typer(ecom67.contracts.commands.app, name="schemas")
app.add_typer(ecom67.eventcatalog.commands.app, name="docs")
app.add_typer(openapi.commands.app, name="openapi")
app.add_typer(ecom67.help.commands.app, name="help")
app.add_typer(ecom67.orders.commands.app, name="orders")
app.add_typer(ecom67.reports.commands.app, name="reports")
app.add_typer(ecom67.events.commands.app, name="events")
app.add_typer(ecom67.events.dlq_commands.app, name="dlq")
app.add_typer(ecom67.search.commands.app, name="search")
app.add_typer(ecom67.staff.commands.app, name="staff")
app.add_typer(ecom67.staff.commands.login_app)
app.add_typer(ecom67.deploy.stripe_commands.app, name="stripe")


@app.callback()
def _select_stage(
    state: Annotated[
        Path | None,
        typer.Option(envvar=STATE_VARIABLE, help="State folder of the local stage, if it is not `.local`."),
    ] = None,
    _: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    if state:
        os.environ[STATE_VARIABLE] = str(state)


def _unreachable(stage: str, error: Exception) -> str:
    if stage == LOCAL:
        return f"The local stage does not answer ({error}). Start it with `make up`."
    remedy = "Check the region, your credentials and the network: `aws sts get-caller-identity`."
    return f"Stage {stage} does not answer ({str(error).rstrip('.')}). {remedy}"


def _report(text: str) -> int:
    typer.echo(text, err=True)
    return 1

"""The command line ``ecom67``: all command groups, and how their errors are reported."""

import os
import sys
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

import ecom67.catalog.commands
import ecom67.contracts.commands
import ecom67.demo.commands
import ecom67.deploy.commands
import ecom67.eventcatalog.commands
import ecom67.events.commands
import ecom67.events.dlq_commands
import ecom67.help.commands
import ecom67.local.commands
import ecom67.search.commands
import ecom67.web.commands
import openapi.commands
from ecom67.base.errors import CliError
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
        except (ConnectionError, HTTPClientError, httpx.TransportError) as error:
            sys.exit(_report(f"The local stage does not answer ({error}). Start it with `make up`."))
        except (NoCredentialsError, NoRegionError) as error:
            sys.exit(_report(f"AWS cannot be reached from here: {error}"))
        except ClientError as error:
            sys.exit(_report(f"AWS refuses: {error}"))
        except KeyboardInterrupt:
            _report("Interrupted.")
            sys.exit(INTERRUPTED)


app = CliApp(no_args_is_help=True, add_completion=False, help="The e-com67 shop, on this machine and in AWS.")
app.add_typer(ecom67.local.commands.app)
app.add_typer(ecom67.deploy.commands.app)
app.add_typer(ecom67.demo.commands.app)
app.add_typer(ecom67.web.commands.app, name="web")
app.add_typer(ecom67.catalog.commands.app, name="catalog")
app.add_typer(ecom67.contracts.commands.app, name="schemas")
app.add_typer(ecom67.eventcatalog.commands.app, name="docs")
app.add_typer(openapi.commands.app, name="openapi")
app.add_typer(ecom67.help.commands.app, name="help")
app.add_typer(ecom67.events.commands.app, name="events")
app.add_typer(ecom67.events.dlq_commands.app, name="dlq")
app.add_typer(ecom67.search.commands.app, name="search")


@app.callback()
def _select_stage(
    state: Annotated[
        Path | None,
        typer.Option(envvar=STATE_VARIABLE, help="State folder of the local stage, if it is not `.local`."),
    ] = None,
) -> None:
    if state:
        os.environ[STATE_VARIABLE] = str(state)


def _report(text: str) -> int:
    typer.echo(text, err=True)
    return 1

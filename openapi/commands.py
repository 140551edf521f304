"""The commands of ``ecom67 openapi``."""

import typer

from ecom67.base.errors import CliError
from openapi import generation

app = typer.Typer(no_args_is_help=True, help="The published description of the HTTP API.")


@app.command("generate")
def generate() -> None:
    """Write the OpenAPI document of the services' routes."""
    typer.echo(f"{'written' if generation.write_document() else 'unchanged'}: {generation.FILE}")


@app.command("check")
def check() -> None:
    """Fail if the OpenAPI document differs from the services' routes."""
    if generation.is_stale():
        raise CliError("The OpenAPI document differs from the routes; run `make schemas` and commit it.")
    typer.echo("The OpenAPI document is that of the routes.")

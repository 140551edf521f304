"""``ecom67 web``: builds the single-page shop, serves its sources, and publishes it to a stage in AWS."""

import os
from typing import Annotated

import typer

from ecom67.base.errors import CliError
from ecom67.base.options import select_stage
from ecom67.base.paths import CACHE
from ecom67.base.stage_names import require_aws_endpoint, require_aws_stage
from ecom67.local import storefront
from ecom67.local.connection import state_folder
from ecom67.local.stage_paths import StagePaths
from ecom67.local.status import status

app = typer.Typer(no_args_is_help=True, help="The shop in the browser.")


@app.command("build")
def build_shop() -> None:
    """Build the shop in the browser if its sources have changed."""
    built = storefront.build(CACHE / "shop.log")
    typer.echo("Built." if built else "Nothing has changed.")


@app.command("publish")
def publish_shop(to: Annotated[str, typer.Option("--stage", help="A stage in AWS.", callback=select_stage)]) -> None:
    """Build the shop in the browser and upload it to a stage in AWS, whose stacks must be deployed."""
    require_aws_stage(to)
    require_aws_endpoint(to)
    import boto3

    from ecom67.web import publication

    storefront.build(CACHE / "shop.log")
    count = publication.publish(to, storefront.BUILT, boto3.Session())
    typer.echo(f"{count} files are published.")


@app.command("dev")
def serve_shop(port: Annotated[int, typer.Option(help="Port of the development server.")] = 5173) -> None:
    """Serve the sources of the shop with hot reload, in front of the running stage."""
    running = status(StagePaths.at(state_folder()))
    if not running.is_up:
        raise CliError("The local stage does not run. Start it with `make up`.")
    raise typer.Exit(storefront.serve_sources(str(running.addresses["shop"]), port, os.environ))

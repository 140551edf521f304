"""``ecom67 deploy``: deploys one service, locally or to AWS, or all services of a stage in AWS."""

import os
from typing import Annotated

import typer
from rich.console import Console

from ecom67.base import cdk
from ecom67.base.errors import CliError
from ecom67.base.options import select_stage
from ecom67.base.progress import ProgressTree
from ecom67.base.stage_names import LOCAL, require_aws_endpoint, require_aws_stage
from ecom67.deploy import local
from ecom67.local.connection import connection
from ecom67.search import commands as search

app = typer.Typer()


@app.command()
def deploy(
    service: Annotated[
        str | None, typer.Argument(help="Name of the service, such as orders; default in AWS: all services.")
    ] = None,
    to: Annotated[str, typer.Option("--stage", help="local, or a stage in AWS.", callback=select_stage)] = LOCAL,
) -> None:
    """Deploy one service and nothing else."""
    if to != LOCAL:
        raise typer.Exit(_deploy_to_aws(service, to))
    if service is None:
        raise CliError("Name the service to deploy; `make up` deploys all of them.")
    steps = ProgressTree("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        local.deploy(connection().paths, service, steps)


def _deploy_to_aws(service: str | None, to: str) -> int:
    require_aws_stage(to)
    require_aws_endpoint(to)
    cdk.check()
    # Imported late: boto3 loads slowly, and only a deployment to AWS needs it.
    from ecom67.deploy import aws

    code = aws.deploy(to, service, os.environ)
    if code == 0 and service in (None, "search"):
        search.rebuild_where_needed(to)
    return code

"""``ecom67 deploy``: one service and nothing else, on this machine or in AWS; in AWS also all of a stage."""

import os
from typing import Annotated

import typer
from rich.console import Console

from ecom67.base.errors import CliError
from ecom67.base.progress import ProgressTree
from ecom67.base.stage_names import LOCAL, require_aws, require_stage_in_aws
from ecom67.local import cdk, stage
from ecom67.local.connection import connection
from ecom67.search import commands as search

app = typer.Typer()


@app.command()
def deploy(
    service: Annotated[str | None, typer.Argument(help="Such as orders; in AWS, all if left out.")] = None,
    to: Annotated[str, typer.Option("--stage", help="local, or a stage in AWS.")] = LOCAL,
) -> None:
    """Deploy one service and nothing else."""
    if to != LOCAL:
        raise typer.Exit(_deploy_to_aws(service, to))
    if service is None:
        raise CliError("Name the service to deploy; `make up` deploys all of them.")
    steps = ProgressTree("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        stage.redeploy(connection().paths, service, steps)


def _deploy_to_aws(service: str | None, to: str) -> int:
    require_stage_in_aws(to)
    require_aws(to)
    cdk.check()
    # boto3 loads slowly, and only a deployment to AWS needs it.
    from ecom67.deploy import aws

    code = aws.deploy(to, service, os.environ)
    if code == 0 and service in (None, "search"):
        search.rebuild_where_needed(to)
    return code

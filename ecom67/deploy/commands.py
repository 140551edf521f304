"""``ecom67 deploy`` and ``ecom67 destroy``: one service, locally or in AWS, or all services of a stage in AWS.

Before a deployment to AWS it checks what the stage needs, and deploys nothing where something necessary is missing.
"""

import os
from typing import Annotated

import typer
from rich.console import Console

from ecom67.base import cdk
from ecom67.base.errors import CliError
from ecom67.base.options import Yes, confirm, select_stage
from ecom67.base.progress import ProgressTree
from ecom67.base.stage_names import LOCAL, require_aws_endpoint, require_aws_stage
from ecom67.deploy import local
from ecom67.local.connection import connection
from ecom67.search import commands as search

app = typer.Typer()


@app.command()
def deploy(
    service: Annotated[str | None, typer.Argument(help="Name of the service, such as orders.")] = None,
    to: Annotated[str, typer.Option("--stage", help="local, or a stage in AWS.", callback=select_stage)] = LOCAL,
    every: Annotated[bool, typer.Option("--all", help="All services, in AWS.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Say what is missing in AWS, and deploy nothing.")] = False,
) -> None:
    """Deploy one service and nothing else, or all of them.

    Before a deployment to AWS, what is missing is said with its remedy. Exit code 1: something necessary is missing.
    """
    if service and every:
        raise CliError(f"Either {service} or --all.")
    if to != LOCAL:
        _deploy_to_aws(service, to, every=every, check=check)
        return
    if service is None or check:
        raise CliError("Name the service to deploy; `make up` deploys all of them, and needs nothing of AWS.")
    steps = ProgressTree("e-com67, local stage", Console(highlight=False))
    with steps.shown():
        local.deploy(connection().paths, service, steps)


def _deploy_to_aws(service: str | None, to: str, *, every: bool, check: bool) -> None:
    require_aws_stage(to)
    require_aws_endpoint(to)
    if not (service or every or check):
        raise CliError("Name the service to deploy, or give --all.")
    cdk.check()
    # Imported late: the SDK loads slowly, and only a deployment to AWS needs it.
    from ecom67.deploy import aws, preflight, settings

    findings = preflight.preflight(to, service, preflight.aws_clients())
    if findings or check:
        preflight.print_findings(findings, Console())
    if not preflight.is_deployable(findings):
        raise CliError("Nothing is deployed: what is marked as an error has to be there first.")
    if check:
        return
    code = aws.deploy(to, service, settings.read_settings(to).region, os.environ)
    if code == 0 and service in (None, "search"):
        search.rebuild_where_needed(to)
    raise typer.Exit(code)


@app.command()
def destroy(
    to: Annotated[str, typer.Option("--stage", help="A stage in AWS.", callback=select_stage)],
    yes: Yes = False,
) -> None:
    """Delete a stage in AWS with all its data: its stacks, and what is in its buckets.

    A stage that keeps its data, such as prod, is protected and refused.
    """
    require_aws_stage(to)
    require_aws_endpoint(to)
    cdk.check()
    from ecom67.deploy import destruction, preflight, settings
    from ecom67.deploy.prerequisites import FIREWALL_REGION
    from ecom67.stage_client import connect

    stage, region = connect(to), settings.read_settings(to).region
    stacks = destruction.stacks_of(stage, region, preflight.aws_clients(), FIREWALL_REGION)
    if not stacks:
        raise CliError(f"Stage {to} has no stack in {region}.")
    for name in stacks:
        typer.echo(f"  {name}")
    confirm(f"Delete these {len(stacks)} stacks, with all orders, accounts and pictures of stage {to}?", yes)
    code = destruction.destroy(
        stage, stacks, os.environ, lambda bucket, count: typer.echo(f"{count} objects of {bucket} are deleted.")
    )
    raise typer.Exit(code)

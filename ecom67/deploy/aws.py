"""Deploys a stage to AWS: one service alone, or all of them."""

from collections.abc import Mapping

import boto3
from botocore.exceptions import ClientError

from ecom67.base import cdk
from ecom67.base.errors import Fault
from infra.stacks.firewall import FIREWALL, WEB_ACL_ARN
from infra.stacks.web import WEB_ACL
from infra.stage import FIREWALL_REGION, Stage


def deploy(stage: Stage, service: str | None, environment: Mapping[str, str]) -> int:
    """Run ``cdk deploy`` on the caller's own terminal; return its exit code.

    Parameters:
        stage: the stage in AWS.
        service: the one to deploy, and nothing else; None for all.
        environment: of the CDK's process.

    Raises Fault where the web is deployed before its firewall.
    """
    if service not in (None, "web"):
        return _run(stage, ["--exclusively", f"{stage.prefix}-{service}"], environment)
    if service is None and (failed := deploy(stage, FIREWALL, environment)):
        return failed
    chosen = ["--exclusively", f"{stage.prefix}-web"] if service else ["--all"]
    # Parameters of CloudFormation reach across regions, where those of SSM do not.
    return _run(stage, [*chosen, "--parameters", f"{stage.prefix}-web:{WEB_ACL}={_web_acl(stage)}"], environment)


def _run(stage: Stage, arguments: list[str], environment: Mapping[str, str]) -> int:
    return cdk.run_openly(["deploy", *arguments, "--app", cdk.APP, "--context", f"stage={stage.name}"], environment)


def _web_acl(stage: Stage) -> str:
    name = stage.parameter(FIREWALL, WEB_ACL_ARN)
    try:
        found = boto3.client("ssm", region_name=FIREWALL_REGION).get_parameter(Name=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        raise Fault(
            f"Stage {stage.name} has no firewall yet: {FIREWALL_REGION} has no parameter {name}. "
            f"Deploy it first: ecom67 deploy {FIREWALL} --stage {stage.name}"
        ) from None
    return found["Parameter"]["Value"]

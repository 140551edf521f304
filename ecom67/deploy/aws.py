"""Deploys a stage to AWS: one service alone, or all of them."""

from collections.abc import Mapping

import boto3
from botocore.exceptions import ClientError

from ecom67.base.errors import CliError
from ecom67.base.stage_names import parameter_name, stack_name
from ecom67.local import cdk

FIREWALL = "firewall"
FIREWALL_REGION = "us-east-1"
"""Where CloudFront finds web ACLs, wherever the shop is; source: AWS WAF's developer guide."""
WEB_ACL_ARN = "web-acl-arn"
"""What the firewall's stack publishes."""
WEB_ACL = "WebAclArn"
"""The parameter by which the web's stack takes it."""


def deploy(stage: str, service: str | None, environment: Mapping[str, str]) -> int:
    """Run ``cdk deploy`` on the caller's own terminal; return its exit code.

    Parameters:
        stage: the name of a stage in AWS.
        service: the one to deploy, and nothing else; None for all.
        environment: of the CDK's process.

    Raises CliError where the web is deployed before its firewall.
    """
    if service not in (None, "web"):
        return _run(stage, ["--exclusively", stack_name(stage, service)], environment)
    if service is None and (failed := deploy(stage, FIREWALL, environment)):
        return failed
    chosen = ["--exclusively", stack_name(stage, "web")] if service else ["--all"]
    # Parameters of CloudFormation reach across regions, where those of SSM do not.
    return _run(
        stage, [*chosen, "--parameters", f"{stack_name(stage, 'web')}:{WEB_ACL}={_web_acl(stage)}"], environment
    )


def _run(stage: str, arguments: list[str], environment: Mapping[str, str]) -> int:
    return cdk.run_openly(["deploy", *arguments, "--app", cdk.APP, "--context", f"stage={stage}"], environment)


def _web_acl(stage: str) -> str:
    name = parameter_name(stage, FIREWALL, WEB_ACL_ARN)
    try:
        found = boto3.client("ssm", region_name=FIREWALL_REGION).get_parameter(Name=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        raise CliError(
            f"Stage {stage} has no firewall yet: {FIREWALL_REGION} has no parameter {name}. "
            f"Deploy it first: ecom67 deploy {FIREWALL} --stage {stage}"
        ) from None
    return found["Parameter"]["Value"]

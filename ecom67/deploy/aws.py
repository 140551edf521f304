"""Deployment to AWS: one service, or all services of a stage."""

from collections.abc import Mapping

import boto3
from botocore.exceptions import ClientError

from ecom67.base import cdk
from ecom67.base.errors import CliError
from ecom67.base.stage_names import parameter_name, stack_name
from ecom67.deploy.prerequisites import FIREWALL_REGION

FIREWALL = "firewall"
WEB_ACL_ARN = "web-acl-arn"
"""Name of the parameter that the firewall's stack publishes."""
WEB_ACL = "WebAclArn"
"""Name of the CloudFormation parameter of the web stack."""


def deploy(stage: str, service: str | None, environment: Mapping[str, str]) -> int:
    """Run ``cdk deploy`` in the foreground; return its exit code.

    Parameters:
        stage: name of a stage in AWS.
        service: the only service to deploy; None deploys all.
        environment: environment of the CDK process.

    Raises CliError where the web stack is deployed before the firewall.
    """
    if service not in (None, "web"):
        return _run(stage, ["--exclusively", stack_name(stage, service)], environment)
    if service is None and (failed := deploy(stage, FIREWALL, environment)):
        return failed
    chosen = ["--exclusively", stack_name(stage, "web")] if service else ["--all"]
    # SSM parameters of another region cannot be read by a template, so the ARN is passed as a CloudFormation parameter.
    return _run(
        stage, [*chosen, "--parameters", f"{stack_name(stage, 'web')}:{WEB_ACL}={_web_acl(stage)}"], environment
    )


def _run(stage: str, arguments: list[str], environment: Mapping[str, str]) -> int:
    return cdk.run_in_foreground(["deploy", *arguments, "--app", cdk.APP, "--context", f"stage={stage}"], environment)


def _web_acl(stage: str) -> str:
    name = parameter_name(stage, FIREWALL, WEB_ACL_ARN)
    try:
        parameter = boto3.client("ssm", region_name=FIREWALL_REGION).get_parameter(Name=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        raise CliError(
            f"Stage {stage} has no firewall yet: {FIREWALL_REGION} has no parameter {name}. "
            f"Deploy it first: ecom67 deploy {FIREWALL} --stage {stage}"
        ) from None
    return parameter["Parameter"]["Value"]

"""Deployment to AWS: one service, or all services of a stage."""

from collections.abc import Mapping

import boto3
from botocore.exceptions import ClientError

from ecom67.base import cdk
from ecom67.base.errors import CliError
from ecom67.base.stage_names import parameter_name, stack_name
from ecom67.deploy.prerequisites import FIREWALL_REGION

FIREWALL = "firewall"
"""What the command line calls the firewall's stack, whose name has the stage's region in it."""
WEB_ACL_ARN = "web-acl-arn"
"""Name of the parameter that the firewall's stack publishes."""
WEB_ACL = "WebAclArn"
"""Name of the CloudFormation parameter of the web stack."""


def deploy(stage: str, service: str | None, region: str, environment: Mapping[str, str]) -> int:
    """Run ``cdk deploy`` in the foreground; return its exit code.

    Parameters:
        stage: name of a stage in AWS.
        service: the only service to deploy; None deploys all.
        region: the stage's region.
        environment: environment of the CDK process.

    Raises CliError where the web stack is deployed before the firewall.
    """
    if service not in (None, "web"):
        name = firewall_service(region) if service == FIREWALL else str(service)
        return _run(stage, ["--exclusively", stack_name(stage, name)], environment)
    if service is None and (failed := deploy(stage, FIREWALL, region, environment)):
        return failed
    chosen = ["--exclusively", stack_name(stage, "web")] if service else ["--all"]
    # SSM parameters of another region cannot be read by a template, so the ARN is passed as a CloudFormation parameter.
    return _run(
        stage, [*chosen, "--parameters", f"{stack_name(stage, 'web')}:{WEB_ACL}={_web_acl(stage, region)}"], environment
    )


def _run(stage: str, arguments: list[str], environment: Mapping[str, str]) -> int:
    return cdk.run_in_foreground(["deploy", *arguments, "--app", cdk.APP, "--context", f"stage={stage}"], environment)


def firewall_service(region: str) -> str:
    """Return the service name of the firewall's stack of a stage in a region."""
    return f"{FIREWALL}-{region}"


def _web_acl(stage: str, region: str) -> str:
    name = parameter_name(stage, firewall_service(region), WEB_ACL_ARN)
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

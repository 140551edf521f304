"""Destruction of a stage in AWS, with what CloudFormation does not delete by itself: the content of its buckets."""

from collections.abc import Callable, Mapping
from typing import Any

from ecom67.base import cdk
from ecom67.base.errors import CliError
from ecom67.base.stage_names import parameter_prefix, stack_name
from ecom67.deploy.aws import firewall_service
from ecom67.deploy.prerequisites import Clients
from ecom67.stage_client import Resource, StageClient

BATCH = 1000
"""Objects that one call of S3 deletes."""
PARAMETERS_A_CALL = 10
"""Parameters that one call of Systems Manager deletes."""


def stacks_of(stage: StageClient, region: str, clients: Clients, firewall_region: str) -> list[str]:
    """Return the names of a stage's stacks, that of its firewall in the other region as well.

    Raises CliError where one of them has termination protection: the stage keeps its data.
    """
    found = []
    for where in dict.fromkeys((region, firewall_region)):
        pages = clients("cloudformation", where).get_paginator("describe_stacks").paginate()
        found += [stack for page in pages for stack in page["Stacks"] if stack["StackName"].startswith(stage.prefix)]
    firewall = stack_name(stage.name, firewall_service(region))
    own = [
        stack
        for stack in found
        if stack["StackName"] == firewall or not stack["StackName"].startswith(stack_name(stage.name, "firewall-"))
    ]
    if protected := sorted(stack["StackName"] for stack in own if stack.get("EnableTerminationProtection")):
        raise CliError(
            f"Stage {stage.name} is protected, and nothing is destroyed. To lift it, stack by stack: "
            "aws cloudformation update-termination-protection --no-enable-termination-protection "
            f"--stack-name {protected[0]}"
        )
    return sorted(stack["StackName"] for stack in own)


def buckets_of(stage: StageClient) -> list[Resource]:
    """Return the buckets of a stage's stacks."""
    return list(stage.of_kind("AWS::S3::Bucket"))


def empty(s3: Any, bucket: str) -> int:
    """Delete all objects of a bucket with all their versions; return how many.

    Parameters:
        s3: the client of S3.
        bucket: its name; nothing is done where it does not exist.

    Raises CliError where S3 does not delete one of them.
    """
    count = 0
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, MaxKeys=BATCH):
            versions = [
                {"Key": version["Key"], "VersionId": version["VersionId"]}
                for kind in ("Versions", "DeleteMarkers")
                for version in page.get(kind, [])
            ]
            if not versions:
                continue
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": versions, "Quiet": True})
            if errors := answer.get("Errors"):
                raise CliError(f"S3 does not delete {errors[0]['Key']} in {bucket}: {errors[0]['Message']}")
            count += len(versions)
    except s3.exceptions.NoSuchBucket:
        return count
    return count


def destroy(
    stage: StageClient, stacks: list[str], environment: Mapping[str, str], on_emptied: Callable[[str, int], None]
) -> int:
    """Empty the buckets, delete the stacks by ``cdk destroy``, and delete what operators put beside them.

    The web stack goes first: a firewall cannot be deleted while a distribution uses it.

    Parameters:
        stage: the stage.
        stacks: the names of its stacks.
        environment: environment of the CDK process.
        on_emptied: called with each bucket and the number of objects that were in it.

    Returns the exit code of the CDK.
    """
    buckets = buckets_of(stage)
    web = stack_name(stage.name, "web")
    turns = [["--exclusively", web], ["--all"]] if web in stacks else [["--all"]]
    for turn in turns:
        # Before each turn: functions that still run may have written again.
        for bucket in buckets:
            if count := empty(stage.client("s3"), bucket.physical_id):
                on_emptied(bucket.physical_id, count)
        arguments = ["destroy", *turn, "--force", "--app", cdk.APP, "--context", f"stage={stage.name}"]
        if code := cdk.run_in_foreground(arguments, environment):
            return code
    _delete_parameters(stage)
    return 0


def _delete_parameters(stage: StageClient) -> None:
    """Delete the parameters that no stack owns, such as Stripe's publishable key."""
    ssm = stage.client("ssm")
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=parameter_prefix(stage.name), Recursive=True)
    names = [parameter["Name"] for page in pages for parameter in page["Parameters"]]
    for start in range(0, len(names), PARAMETERS_A_CALL):
        ssm.delete_parameters(Names=names[start : start + PARAMETERS_A_CALL])

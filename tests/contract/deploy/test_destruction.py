"""A stage is destroyed with what is in its buckets: on the emulator, by stacks as the CDK deletes them."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from ecom67.base.errors import CliError
from ecom67.deploy import destruction
from ecom67.deploy.aws import firewall_service
from ecom67.local.connection import Connection
from ecom67.stage_client import StageClient

REGION = "us-east-1"


class Aws:
    """A stage with a versioned bucket in each of two stacks, and what the CDK is told to do with them."""

    def __init__(self, emulator: Connection) -> None:
        self.stage = StageClient(f"dev{secrets.token_hex(3)}", emulator.client)
        self.stacks = [f"{self.stage.prefix}{service}" for service in ("catalog", firewall_service(REGION), "web")]
        self.buckets = [f"{name}-files" for name in self.stacks if "firewall" not in name]
        self.calls: list[list[str]] = []
        self.kept: list[int] = []
        for name in self.stacks:
            resources = {"Topic": {"Type": "AWS::SNS::Topic"}}
            if f"{name}-files" in self.buckets:
                properties = {"BucketName": f"{name}-files", "VersioningConfiguration": {"Status": "Enabled"}}
                resources["Files"] = {"Type": "AWS::S3::Bucket", "Properties": properties}  # type: ignore[dict-item]
            self.cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))

    @property
    def cloudformation(self) -> Any:
        return self.stage.client("cloudformation")

    def fill(self, bucket: str) -> None:
        s3 = self.stage.client("s3")
        for number in range(3):
            for version in ("old", "new"):
                s3.put_object(Bucket=bucket, Key=f"file-{number}", Body=version.encode())
        s3.delete_object(Bucket=bucket, Key="file-0")

    def objects(self) -> int:
        s3 = self.stage.client("s3")
        pages = [s3.list_object_versions(Bucket=bucket) for bucket in self.buckets]
        return sum(len(page.get(kind, [])) for page in pages for kind in ("Versions", "DeleteMarkers"))

    def stack_names(self) -> list[str]:
        return destruction.stacks_of(self.stage, REGION, lambda service, _: self.stage.client(service), REGION)

    def cdk(self, arguments: list[str], _: object) -> int:
        """Take what the CDK would be run with, and note what is in the buckets by then."""
        self.calls.append(arguments)
        self.kept.append(self.objects())
        return 0


@pytest.fixture
def aws(emulator: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    aws = Aws(emulator)
    monkeypatch.setattr("ecom67.base.cdk.run_in_foreground", aws.cdk)
    yield aws
    for name in aws.stacks:
        aws.cloudformation.delete_stack(StackName=name)


def test_buckets_are_empty_when_their_stacks_are_deleted(aws: Aws) -> None:
    emptied: dict[str, int] = {}
    for bucket in aws.buckets:
        aws.fill(bucket)

    code = destruction.destroy(aws.stage, aws.stacks, {}, emptied.__setitem__)

    assert code == 0
    assert emptied == dict.fromkeys(aws.buckets, 7)
    assert aws.kept == [0, 0]


def test_what_is_written_meanwhile_is_deleted_as_well(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    def cdk(arguments: list[str], environment: object) -> int:
        code = aws.cdk(arguments, environment)
        if "--all" not in arguments:
            aws.fill(aws.buckets[0])
        return code

    monkeypatch.setattr("ecom67.base.cdk.run_in_foreground", cdk)

    destruction.destroy(aws.stage, aws.stacks, {}, lambda *_: None)

    assert aws.kept == [0, 0]


def test_the_distribution_goes_before_its_firewall(aws: Aws) -> None:
    destruction.destroy(aws.stage, aws.stacks, {}, lambda *_: None)

    assert [call[1:3] for call in aws.calls] == [["--exclusively", f"{aws.stage.prefix}web"], ["--all", "--force"]]
    assert all(call[-1] == f"stage={aws.stage.name}" for call in aws.calls)


def test_parameters_that_no_stack_owns_go_too(aws: Aws, emulator: Connection) -> None:
    path = f"/ecom67/{aws.stage.name}/web"
    ssm = emulator.client("ssm")
    for number in range(12):
        ssm.put_parameter(Name=f"{path}/key-{number}", Value="pk_test_1", Type="String")

    destruction.destroy(aws.stage, aws.stacks, {}, lambda *_: None)

    assert ssm.get_parameters_by_path(Path=path)["Parameters"] == []


def test_a_failed_deletion_ends_it(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecom67.base.cdk.run_in_foreground", lambda *_: 3)

    assert destruction.destroy(aws.stage, aws.stacks, {}, lambda *_: None) == 3


def test_the_stacks_of_the_stage_are_named_and_not_those_of_another_region(aws: Aws) -> None:
    other = f"{aws.stage.prefix}{firewall_service('eu-central-1')}"
    aws.cloudformation.create_stack(
        StackName=other, TemplateBody=json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    )
    try:
        assert aws.stack_names() == sorted(aws.stacks)
    finally:
        aws.cloudformation.delete_stack(StackName=other)


def test_a_protected_stage_is_refused(aws: Aws) -> None:
    aws.cloudformation.update_termination_protection(StackName=aws.stacks[0], EnableTerminationProtection=True)
    try:
        with pytest.raises(CliError, match=f"is protected, and nothing is destroyed.*{aws.stacks[0]}"):
            aws.stack_names()
    finally:
        aws.cloudformation.update_termination_protection(StackName=aws.stacks[0], EnableTerminationProtection=False)


def test_an_object_that_stays_is_named() -> None:
    class S3:
        class exceptions:  # noqa: N801 - as botocore has it
            NoSuchBucket = KeyError

        def get_paginator(self, _: str) -> "S3":
            return self

        def paginate(self, **_: object) -> list[dict[str, Any]]:
            return [{"Versions": [{"Key": "held", "VersionId": "1"}]}]

        def delete_objects(self, **_: object) -> dict[str, Any]:
            return {"Errors": [{"Key": "held", "Message": "Object is WORM protected."}]}

    with pytest.raises(CliError, match="S3 does not delete held in files: Object is WORM protected"):
        destruction.empty(S3(), "files")

"""Deploys something broken on purpose, as a bad release would be: by CloudFormation, so that a deployment mends it."""

import copy
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ecom67.demo.shopper import eventually
from ecom67.local.connection import Connection

Template = dict[str, Any]
Change = Callable[[Template], None]


@contextmanager
def quick_retries(stage: Connection, queue: str) -> Iterator[None]:
    """Have a queue deliver a message that failed again after a second, where it would be after minutes."""
    sqs = stage.client("sqs")
    url = sqs.get_queue_url(QueueName=f"ecom67-local-{queue}")["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    usual = answer["Attributes"]["VisibilityTimeout"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": usual})


@contextmanager
def broken_release(stage: Connection, service: str, function: str, change: Change) -> Iterator[None]:
    """Deploy a service's stack with one function changed; what nobody has mended afterwards is as it was again.

    Parameters:
        stage: the stage.
        service: whose stack it is.
        function: name of the function.
        change: changes the function's properties.
    """
    name = f"ecom67-local-{service}"
    sound = _template(stage, name)
    broken = copy.deepcopy(sound)
    (properties,) = (
        resource["Properties"]
        for resource in broken["Resources"].values()
        if resource["Properties"].get("FunctionName") == f"{name}-{function}"
    )
    change(properties)
    _update(stage, name, broken)
    try:
        yield
    finally:
        if _template(stage, name) == broken:
            _update(stage, name, sound)


def _template(stage: Connection, name: str) -> Template:
    body = stage.client("cloudformation").get_template(StackName=name)["TemplateBody"]
    template: Template = json.loads(body) if isinstance(body, str) else body
    return template


def _update(stage: Connection, name: str, template: Template) -> None:
    cloudformation = stage.client("cloudformation")
    capabilities = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
    # A request takes a template of 51,200 bytes; from a bucket it may be larger.
    bucket, key = _assets_bucket(stage), f"{name}.template.json"
    stage.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(template))
    url = f"https://s3.amazonaws.com/{bucket}/{key}"
    cloudformation.update_stack(StackName=name, TemplateURL=url, Capabilities=capabilities)

    def deployed() -> bool | None:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        return True if stack["StackStatus"] == "UPDATE_COMPLETE" else None

    eventually(f"the change of {name} is deployed", deployed)


def _assets_bucket(stage: Connection) -> str:
    buckets = stage.client("s3").list_buckets()["Buckets"]
    return next(str(found["Name"]) for found in buckets if found["Name"].startswith("cdk-hnb659fds-assets"))


def with_bug(stage: Connection, file: str, sound: str, broken: str) -> Change:
    """Return a change of a function's code.

    Parameters:
        stage: the stage.
        file: of the package.
        sound: a part of its text.
        broken: what stands there instead.
    """
    s3 = stage.client("s3")

    def change(properties: Template) -> None:
        code = properties["Code"]
        bucket = _assets_bucket(stage)
        package = zipfile.ZipFile(io.BytesIO(s3.get_object(Bucket=bucket, Key=code["S3Key"])["Body"].read()))
        changed = io.BytesIO()
        with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as written:
            for name in package.namelist():
                text = package.read(name)
                if name == file:
                    assert sound.encode() in text
                    text = text.replace(sound.encode(), broken.encode())
                written.writestr(package.getinfo(name), text)
        code["S3Key"] = f"broken-{code['S3Key']}"
        s3.put_object(Bucket=bucket, Key=code["S3Key"], Body=changed.getvalue())

    return change

"""A stage as it is deployed: clients of its AWS, and what its stacks hold. Nothing of it is written down here."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import botocore.session
from botocore.config import Config

from ecom67.base.errors import CliError
from ecom67.base.stage_names import LOCAL, require_aws
from ecom67.local.connection import connection

CALLS_AT_ONCE = 8
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Resource:
    """What a stack holds.

    Attributes:
        service: whose stack it is.
        kind: CloudFormation's type of it, such as ``AWS::SQS::Queue``.
        physical_id: by which AWS's own API finds it: the address of a queue, the name of most others.
    """

    service: str
    kind: str
    physical_id: str


@dataclass(frozen=True)
class StageClient:
    """A stage that is deployed.

    Parameters:
        name: of the stage.
        client: returns the client of an AWS service, by botocore's name of it.
    """

    name: str
    client: Callable[[str], Any]

    @property
    def prefix(self) -> str:
        """Return what every name of it starts with."""
        return f"ecom67-{self.name}-"

    @property
    def is_local(self) -> bool:
        """Whether it is the one on this machine, on the emulator."""
        return self.name == LOCAL

    @cached_property
    def published(self) -> dict[str, str]:
        """What its stacks have published: ``{"bus/name": …}``; raises CliError where there is no such stage."""
        path = f"/ecom67/{self.name}/"
        pages = self.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True)
        found = {
            parameter["Name"].removeprefix(path): parameter["Value"]
            for page in pages
            for parameter in page["Parameters"]
        }
        if "bus/name" not in found:
            raise CliError(f"There is no stage {self.name!r} in this account and region: no {path}bus/name.")
        return found

    @cached_property
    def resources(self) -> list[Resource]:
        """What its stacks hold, by service and kind."""
        cloudformation = self.client("cloudformation")
        stacks = sorted(
            stack["StackName"]
            for page in cloudformation.get_paginator("describe_stacks").paginate()
            for stack in page["Stacks"]
            if stack["StackName"].startswith(self.prefix)
        )

        def held(stack: str) -> list[Resource]:
            pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
            return [
                Resource(stack.removeprefix(self.prefix), summary["ResourceType"], summary["PhysicalResourceId"])
                for page in pages
                for summary in page["StackResourceSummaries"]
                if summary.get("PhysicalResourceId")
            ]

        return [resource for found in at_once(held, stacks) for resource in found]

    def of_kind(self, kind: str) -> Iterator[Resource]:
        """Yield what its stacks hold of a kind."""
        return (resource for resource in self.resources if resource.kind == kind)


def at_once(call: Callable[[T], R], values: list[T]) -> list[R]:
    """Return the answers to several calls, made side by side."""
    with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
        return list(pool.map(call, values))


def connect(stage: str) -> StageClient:
    """Return a deployed stage: the one on this machine, or one in AWS by the caller's own credentials.

    Raises CliError where AWS would not mean AWS.
    """
    if stage == LOCAL:
        return StageClient(stage, connection().client)
    require_aws(stage)
    session = botocore.session.get_session()
    config = Config(connect_timeout=5, retries={"mode": "standard", "total_max_attempts": 5})
    clients: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in clients:
            clients[service] = session.create_client(service, config=config)
        return clients[service]

    return StageClient(stage, client)

"""A deployed stage: its AWS clients, its published parameters, and the resources of its stacks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import botocore.session
from botocore.config import Config

from bus.concurrent_calls import map_concurrently
from ecom67.base.errors import CliError
from ecom67.base.parameters import published_parameters
from ecom67.base.stage_names import LOCAL, parameter_prefix, require_aws_endpoint, resource_prefix
from ecom67.local.connection import connection


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a stack.

    Attributes:
        service: the service of the stack.
        kind: its CloudFormation type, such as ``AWS::SQS::Queue``.
        physical_id: its identifier in the AWS API: the URL of a queue, the name of most others.
    """

    service: str
    kind: str
    physical_id: str


@dataclass(frozen=True)
class StageClient:
    """A deployed stage.

    Parameters:
        name: name of the stage.
        client: returns the client of an AWS service, given its botocore name.
    """

    name: str
    client: Callable[[str], Any]

    @property
    def prefix(self) -> str:
        """Return the prefix of the names of its stacks and resources."""
        return resource_prefix(self.name)

    @property
    def is_local(self) -> bool:
        """Whether it is the stage on this machine, on the emulator."""
        return self.name == LOCAL

    @cached_property
    def published(self) -> dict[str, str]:
        """The parameters that its stacks have published: ``{"bus/name": …}``; raises CliError for an unknown stage."""
        parameters = published_parameters(self.client("ssm"), self.name)
        if "bus/name" not in parameters:
            raise CliError(
                f"There is no stage {self.name!r} in this account and region: no {parameter_prefix(self.name)}bus/name."
            )
        return parameters

    @cached_property
    def resources(self) -> list[Resource]:
        """The resources of all its stacks, in the order of the stacks' names."""
        cloudformation = self.client("cloudformation")
        stacks = sorted(
            stack["StackName"]
            for page in cloudformation.get_paginator("describe_stacks").paginate()
            for stack in page["Stacks"]
            if stack["StackName"].startswith(self.prefix)
        )

        def resources_of(stack: str) -> list[Resource]:
            pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
            return [
                Resource(stack.removeprefix(self.prefix), summary["ResourceType"], summary["PhysicalResourceId"])
                for page in pages
                for summary in page["StackResourceSummaries"]
                if summary.get("PhysicalResourceId")
            ]

        return [resource for resources in map_concurrently(resources_of, stacks) for resource in resources]

    def of_kind(self, kind: str) -> Iterator[Resource]:
        """Yield its resources of a CloudFormation type."""
        return (resource for resource in self.resources if resource.kind == kind)


def connect(stage: str) -> StageClient:
    """Return the stage on this machine, or a stage in AWS with the caller's own credentials.

    Raises CliError where the local stage does not run, or where the environment points AWS clients at an emulator.
    """
    if stage == LOCAL:
        return StageClient(stage, connection().client)
    require_aws_endpoint(stage)
    session = botocore.session.get_session()
    config = Config(connect_timeout=5, retries={"mode": "standard", "total_max_attempts": 5})
    clients: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in clients:
            clients[service] = session.create_client(service, config=config)
        return clients[service]

    return StageClient(stage, client)

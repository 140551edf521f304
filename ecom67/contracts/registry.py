"""Where the contracts of a stage are published: EventBridge's schema registry, or this checkout.

The emulator has no schema registry, so the local stage's contracts are those of the checkout that it runs.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from ecom67.base.errors import CliError
from ecom67.base.stage_names import LOCAL, require_aws_endpoint
from schemas.generation import DRAFT_4


@dataclass(frozen=True, slots=True)
class Published:
    """A contract as a registry has it.

    Attributes:
        schema: Draft 4, of the whole event.
    """

    schema: dict[str, Any]

    @property
    def name(self) -> str:
        """Return its name in the registry: ``ecom67.orders@OrderPlaced``."""
        return f"{self.source}@{self.detail_type}"

    @property
    def source(self) -> str:
        """Return the EventBridge source."""
        return str(self.schema["x-amazon-events-source"])

    @property
    def service(self) -> str:
        """Return the service that publishes the event."""
        return self.source.rpartition(".")[2]

    @property
    def detail_type(self) -> str:
        """Return the EventBridge detail type."""
        return str(self.schema["x-amazon-events-detail-type"])

    @property
    def version(self) -> int:
        """Return the version of the contract."""
        return int(str(self.schema["id"]).rpartition(":")[2])

    @property
    def description(self) -> str:
        """Say what happened."""
        return str(self.schema["description"])


class Registry(Protocol):
    """A place where contracts are published."""

    def names(self) -> list[str]:
        """Return the names of all contracts, sorted."""

    def contract(self, name: str) -> Published:
        """Return one of them; raises CliError where there is none of that name."""


class CheckoutRegistry:
    """The contracts of this checkout."""

    def __init__(self) -> None:
        found = (Published(json.loads(path.read_text())) for path in DRAFT_4.rglob("*.json"))
        self._contracts = {contract.name: contract for contract in found}

    def names(self) -> list[str]:
        """Return the names of all contracts, sorted."""
        return sorted(self._contracts)

    def contract(self, name: str) -> Published:
        """Return one of them; raises CliError where there is none of that name."""
        if name not in self._contracts:
            raise CliError(f"There is no contract {name}.")
        return self._contracts[name]


class EventBridgeRegistry:
    """The schema registry of a stage in AWS.

    Parameters:
        client: botocore's client of ``schemas``.
        name: of the registry, such as ``ecom67-dev``.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def names(self) -> list[str]:
        """Return the names of all contracts, sorted; raises CliError where the registry cannot be read."""
        try:
            pages = self._client.get_paginator("list_schemas").paginate(RegistryName=self._name)
            return sorted(found["SchemaName"] for page in pages for found in page["Schemas"])
        except (BotoCoreError, ClientError) as error:
            raise self._unreadable(error) from None

    def contract(self, name: str) -> Published:
        """Return one of them; raises CliError where there is none of that name, or the registry cannot be read."""
        try:
            found = self._client.describe_schema(RegistryName=self._name, SchemaName=name)
        except (BotoCoreError, ClientError) as error:
            raise self._unreadable(error) from None
        return Published(json.loads(found["Content"]))

    def _unreadable(self, error: Exception) -> CliError:
        return CliError(f"The schema registry {self._name} cannot be read: {error}")


def registry_of(stage: str) -> Registry:
    """Return where the contracts of a stage are published.

    Raises CliError where AWS would not mean AWS.
    """
    if stage == LOCAL:
        return CheckoutRegistry()
    require_aws_endpoint(stage)
    try:
        client = botocore.session.get_session().create_client("schemas")
    except BotoCoreError as error:
        raise CliError(f"The schema registry of stage {stage} cannot be reached: {error}") from None
    return EventBridgeRegistry(client, f"ecom67-{stage}")


def chosen(registry: Registry, wanted: list[str] | None) -> Iterator[Published]:
    """Yield contracts of a registry.

    Parameters:
        registry: that has them.
        wanted: detail types or whole names; None takes all.

    Raises CliError that says what there is, where one is not there.
    """
    names = registry.names()
    for name in names if wanted is None else [_found(names, one) for one in wanted]:
        yield registry.contract(name)


def _found(names: list[str], wanted: str) -> str:
    by_either = {name: name for name in names} | {name.rpartition("@")[2]: name for name in names}
    if wanted not in by_either:
        there = ", ".join(sorted(name.rpartition("@")[2] for name in names))
        raise CliError(f"There is no event {wanted}. There are {there}.")
    return by_either[wanted]

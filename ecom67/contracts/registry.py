"""The registries of event contracts: EventBridge's schema registry in AWS, and this checkout for the local stage.

The emulator has no schema registry.
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
class PublishedContract:
    """A contract of a registry.

    Attributes:
        schema: JSON Schema Draft 4 of the whole event.
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
        """Return the description of the contract."""
        return str(self.schema["description"])


class Registry(Protocol):
    """A registry of contracts."""

    def names(self) -> list[str]:
        """Return the names of all contracts, sorted."""

    def contract(self, name: str) -> PublishedContract:
        """Return the contract with a name; raises CliError where it does not exist."""


class CheckoutRegistry:
    """The contracts of this checkout."""

    def __init__(self) -> None:
        contracts = (PublishedContract(json.loads(path.read_text())) for path in DRAFT_4.rglob("*.json"))
        self._contracts = {contract.name: contract for contract in contracts}

    def names(self) -> list[str]:
        """Return the names of all contracts, sorted."""
        return sorted(self._contracts)

    def contract(self, name: str) -> PublishedContract:
        """Return the contract with a name; raises CliError where it does not exist."""
        if name not in self._contracts:
            raise CliError(f"There is no contract {name}.")
        return self._contracts[name]


class EventBridgeRegistry:
    """The schema registry of a stage in AWS.

    Parameters:
        client: the botocore client of ``schemas``.
        name: name of the registry, such as ``ecom67-dev``.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def names(self) -> list[str]:
        """Return the names of all contracts, sorted; raises CliError where the registry cannot be read."""
        try:
            pages = self._client.get_paginator("list_schemas").paginate(RegistryName=self._name)
            return sorted(schema["SchemaName"] for page in pages for schema in page["Schemas"])
        except (BotoCoreError, ClientError) as error:
            raise self._unreadable(error) from None

    def contract(self, name: str) -> PublishedContract:
        """Return the contract with a name; raises CliError where it does not exist or the registry cannot be read."""
        try:
            answer = self._client.describe_schema(RegistryName=self._name, SchemaName=name)
        except (BotoCoreError, ClientError) as error:
            raise self._unreadable(error) from None
        return PublishedContract(json.loads(answer["Content"]))

    def _unreadable(self, error: Exception) -> CliError:
        return CliError(f"The schema registry {self._name} cannot be read: {error}")


def registry_of(stage: str) -> Registry:
    """Return the registry of a stage.

    Raises CliError where AWS cannot be reached, or the environment points AWS clients at an emulator.
    """
    if stage == LOCAL:
        return CheckoutRegistry()
    require_aws_endpoint(stage)
    try:
        client = botocore.session.get_session().create_client("schemas")
    except BotoCoreError as error:
        raise CliError(f"The schema registry of stage {stage} cannot be reached: {error}") from None
    return EventBridgeRegistry(client, f"ecom67-{stage}")


def select_contracts(registry: Registry, wanted: list[str] | None) -> Iterator[PublishedContract]:
    """Yield contracts of a registry.

    Parameters:
        registry: the registry.
        wanted: detail types or full names; None selects all.

    Raises CliError, with the available names, where one does not exist.
    """
    names = registry.names()
    for name in names if wanted is None else [_full_name(names, one) for one in wanted]:
        yield registry.contract(name)


def _full_name(names: list[str], wanted: str) -> str:
    by_either = {name: name for name in names} | {name.rpartition("@")[2]: name for name in names}
    if wanted not in by_either:
        available = ", ".join(sorted(name.rpartition("@")[2] for name in names))
        raise CliError(f"There is no event {wanted}. There are {available}.")
    return by_either[wanted]

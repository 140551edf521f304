"""The event catalog: the contracts joined with the publishers and subscribers in the templates."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ecom67.contracts.fields import ContractField, fields_of
from ecom67.eventcatalog.topology import RuleSubscription, ServiceTemplate, Topology
from schemas import generation
from schemas.event import Event
from schemas.exporters.json_schema import service_of
from schemas.registry import event_classes


@dataclass(frozen=True)
class CatalogEvent:
    """An event with its contract, its publisher and its subscribers."""

    contract: type[Event]
    topology: Topology

    @property
    def name(self) -> str:
        """Return its detail type."""
        return self.contract.detail_type()

    @property
    def service(self) -> str:
        """Return the service that publishes it."""
        return service_of(self.contract)

    @property
    def source(self) -> str:
        """Return its EventBridge source."""
        return self.contract.source()

    @property
    def version(self) -> int:
        """Return the version of its contract."""
        return self.contract.version

    @property
    def aggregate(self) -> str:
        """Return the field that holds the id of the aggregate."""
        return str(self.contract.model_fields[self.contract.aggregate].alias)

    @property
    def description(self) -> str:
        """Return the description of the contract."""
        return (self.contract.__doc__ or "").strip()

    @property
    def no_subscriber_reason(self) -> str:
        """Return why it is published without subscribers; empty where it has some."""
        return self.contract.no_subscriber_reason

    @cached_property
    def subscribers(self) -> list[RuleSubscription]:
        """Return the subscriptions that name it."""
        return self.topology.subscribers(self.source, self.name)

    @property
    def publishing_functions(self) -> list[str]:
        """Return the functions of its service that may put events on the bus."""
        service = self.topology.services.get(self.service)
        return service.publishing_functions if service else []

    @cached_property
    def fields(self) -> list[ContractField]:
        """Return its fields, those of its parts behind each."""
        return fields_of(self._published(generation.DRAFT_4), "detail")

    @property
    def example(self) -> dict[str, Any]:
        """Return an example event, as EventBridge delivers it."""
        return self._published(generation.EXAMPLES)

    @property
    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of its detail."""
        return self._published(generation.FOLDER)

    @property
    def file(self) -> str:
        """Return the path of its published files, without extension."""
        return f"{self.service}/{self.name}.v{self.version}"

    def _published(self, folder: Any) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(generation.contract_path(self.contract, folder).read_text())
        return document


class EventCatalog:
    """All events and services.

    Parameters:
        topology: the services and rules of a stage.
    """

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        events = (CatalogEvent(event, topology) for event in event_classes())
        self.events = {event.name: event for event in events}

    @property
    def services(self) -> dict[str, ServiceTemplate]:
        """Return the services that publish or subscribe, by name."""
        return {
            name: service
            for name, service in self.topology.services.items()
            if self.published_by(name) or service.subscriptions
        }

    def published_by(self, service: str) -> list[CatalogEvent]:
        """Return the events that a service publishes."""
        return [event for event in self.events.values() if event.service == service]

    def subscribed_by(self, service: str) -> list[CatalogEvent]:
        """Return the events to which a service subscribes."""
        return [event for event in self.events.values() if service in {one.service for one in event.subscribers}]

    def inconsistencies(self) -> list[str]:
        """Return the inconsistencies between contracts and templates, as texts."""
        found = [
            f"rule {rule.rule} names {name}, which no contract has"
            for rule in self.topology.subscriptions
            for name in rule.detail_types
            if name not in self.events
        ]
        for event in self.events.values():
            if not event.publishing_functions:
                found.append(f"{event.name} is published by {event.service}, which may not put events on the bus")
            if not event.subscribers and not event.no_subscriber_reason:
                found.append(f"nobody subscribes to {event.name}, and it does not say why: see `no_subscriber_reason`")
            if event.subscribers and event.no_subscriber_reason:
                found.append(f"{event.name} has a no_subscriber_reason, and {event.subscribers[0].service} subscribes")
        return found

"""What the catalogue says of each event and each service: the contracts joined with the templates."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ecom67.contracts.fields import Field, fields_of
from ecom67.eventcatalog.topology import Landscape, Service, Subscription
from schemas import generation
from schemas.event import Event
from schemas.exporters.json_schema import service_of
from schemas.registry import event_classes


@dataclass(frozen=True)
class CataloguedEvent:
    """An event with its contract, who publishes it and who subscribes to it."""

    contract: type[Event]
    landscape: Landscape

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
        """Return the field that names the thing which changed."""
        return str(self.contract.model_fields[self.contract.aggregate].alias)

    @property
    def description(self) -> str:
        """Say what happened."""
        return (self.contract.__doc__ or "").strip()

    @property
    def no_subscriber_reason(self) -> str:
        """Return why it is published although nobody subscribes; empty where somebody does."""
        return self.contract.no_subscriber_reason

    @cached_property
    def subscribers(self) -> list[Subscription]:
        """Return who asked for it."""
        return self.landscape.subscribers(self.source, self.name)

    @property
    def publishing(self) -> list[str]:
        """Return the functions through which its service puts events on the bus."""
        service = self.landscape.services.get(self.service)
        return service.publishing if service else []

    @cached_property
    def fields(self) -> list[Field]:
        """Return its fields."""
        return fields_of(self._published(generation.DRAFT_4), "detail")

    @property
    def example(self) -> dict[str, Any]:
        """Return a whole event."""
        return self._published(generation.EXAMPLES)

    @property
    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return self._published(generation.FOLDER)

    @property
    def file(self) -> str:
        """Return the name of its files among the published ones, without what they end with."""
        return f"{self.service}/{self.name}.v{self.version}"

    def _published(self, folder: Any) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(generation.contract_path(self.contract, folder).read_text())
        return document


class Catalogue:
    """All events and services.

    Parameters:
        landscape: of the stage whose templates say who subscribes.
    """

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        found = (CataloguedEvent(event, landscape) for event in event_classes())
        self.events = {event.name: event for event in found}

    @property
    def services(self) -> dict[str, Service]:
        """Return the services that publish or subscribe, by name."""
        return {
            name: service
            for name, service in self.landscape.services.items()
            if self.published_by(name) or service.subscriptions
        }

    def published_by(self, service: str) -> list[CataloguedEvent]:
        """Return the events of a service."""
        return [event for event in self.events.values() if event.service == service]

    def read_by(self, service: str) -> list[CataloguedEvent]:
        """Return the events to which a service subscribes."""
        return [event for event in self.events.values() if service in {found.service for found in event.subscribers}]

    def faults(self) -> list[str]:
        """Return what is wrong between contracts and templates, each in a sentence."""
        faults = [
            f"rule {rule.rule} names {name}, which no contract has"
            for rule in self.landscape.subscriptions
            for name in rule.named
            if name not in self.events
        ]
        for event in self.events.values():
            if not event.publishing:
                faults.append(f"{event.name} is published by {event.service}, which may not put events on the bus")
            if not event.subscribers and not event.no_subscriber_reason:
                faults.append(f"nobody subscribes to {event.name}, and it does not say why: see `no_subscriber_reason`")
            if event.subscribers and event.no_subscriber_reason:
                faults.append(f"{event.name} has a no_subscriber_reason, and {event.subscribers[0].service} subscribes")
        return faults

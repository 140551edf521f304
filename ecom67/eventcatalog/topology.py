"""Who publishes and who subscribes, read from the templates of one stage and from no code."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

STAGE_PLACEHOLDER = "<stage>"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A rule on the bus, and what is behind it. Names have ``<stage>`` where the stage is.

    Attributes:
        service: whose stack has it.
        rule: its name.
        pattern: of the rule.
        queue: the queue that it feeds, None where it feeds something else.
        dead_letters: the queue of what could not be handled.
        function: that reads the queue.
    """

    service: str
    rule: str
    pattern: Mapping[str, list[Any]]
    queue: str | None
    dead_letters: str | None
    function: str | None

    @property
    def takes_every_event(self) -> bool:
        """Say whether it asks for no event by name, as the journal does."""
        return not {"source", "detail-type"} & self.pattern.keys()

    def matches(self, source: str, detail_type: str) -> bool:
        """Say whether it gets an event."""
        return _allows(self.pattern.get("source"), source) and _allows(self.pattern.get("detail-type"), detail_type)

    @property
    def named(self) -> list[str]:
        """Return the detail types that the rule names."""
        return [name for name in self.pattern.get("detail-type", []) if isinstance(name, str)]


@dataclass(frozen=True)
class Service:
    """The stack of a service."""

    name: str
    stage: str
    template: dict[str, Any]

    @property
    def functions(self) -> dict[str, str]:
        """Return the handlers of its functions by their names."""
        found = self._of_type("AWS::Lambda::Function").values()
        return {self._plain(function["FunctionName"]): str(function["Handler"]) for function in found}

    @property
    def tables(self) -> list[str]:
        """Return the names of its tables."""
        names = (table.get("TableName") for table in self._of_type("AWS::DynamoDB::Table").values())
        return sorted(self._plain(name) for name in names if name)

    @property
    def queues(self) -> list[str]:
        """Return the names of its queues."""
        return sorted(self._plain(queue["QueueName"]) for queue in self._of_type("AWS::SQS::Queue").values())

    @property
    def routes(self) -> list[str]:
        """Return its HTTP routes."""
        return sorted(str(route["RouteKey"]) for route in self._of_type("AWS::ApiGatewayV2::Route").values())

    @cached_property
    def publishing(self) -> list[str]:
        """Return the functions that may put events on the bus."""
        roles = {
            _reference(role)
            for policy in self._of_type("AWS::IAM::Policy").values()
            for statement in policy["PolicyDocument"]["Statement"]
            if "events:PutEvents" in _listed(statement["Action"])
            for role in policy["Roles"]
        }
        functions = self._of_type("AWS::Lambda::Function").values()
        return sorted(self._plain(found["FunctionName"]) for found in functions if _reference(found["Role"]) in roles)

    @cached_property
    def subscriptions(self) -> list[Subscription]:
        """Return its rules on the bus."""
        return [
            Subscription(
                service=self.name,
                rule=self._plain(rule["Name"]),
                pattern=rule["EventPattern"],
                queue=self._queue(target["Arn"]),
                dead_letters=self._queue(target.get("DeadLetterConfig", {}).get("Arn")),
                function=self._reader_of(target["Arn"]),
            )
            for rule in self._of_type("AWS::Events::Rule").values()
            if "EventPattern" in rule
            for target in rule["Targets"]
        ]

    def state_machines(self) -> Iterator[dict[str, Any]]:
        """Yield the definitions of its state machines; what is known only at deployment is left out of them."""
        for machine in self._of_type("AWS::StepFunctions::StateMachine").values():
            definition = machine["DefinitionString"]
            parts = definition["Fn::Join"][1] if isinstance(definition, dict) else [definition]
            yield json.loads("".join(part if isinstance(part, str) else self._named(part) for part in parts))

    def _named(self, value: Any) -> str:
        # A parameter tells by its path what is behind it: /ecom67/<stage>/cart/validate-arn.
        path = str(self.template.get("Parameters", {}).get(_reference(value), {}).get("Default", ""))
        return path.removeprefix(f"/ecom67/{self.stage}/")

    def _of_type(self, resource_type: str) -> dict[str, dict[str, Any]]:
        found = self.template.get("Resources", {}).items()
        return {name: body.get("Properties", {}) for name, body in found if body["Type"] == resource_type}

    def _queue(self, arn: Any) -> str | None:
        queue = self._of_type("AWS::SQS::Queue").get(_reference(arn) or "")
        return self._plain(queue["QueueName"]) if queue else None

    def _reader_of(self, queue_arn: Any) -> str | None:
        functions = self._of_type("AWS::Lambda::Function")
        for source in self._of_type("AWS::Lambda::EventSourceMapping").values():
            if _reference(source["EventSourceArn"]) == _reference(queue_arn):
                return self._plain(functions[str(_reference(source["FunctionName"]))]["FunctionName"])
        return None

    def _plain(self, name: str) -> str:
        return name.replace(f"ecom67-{self.stage}-", f"ecom67-{STAGE_PLACEHOLDER}-")


class Landscape:
    """All services of a stage.

    Parameters:
        assembly: folder of the synthesised templates.
        stage: whose templates they are.
    """

    def __init__(self, assembly: Path, stage: str) -> None:
        prefix, suffix = f"ecom67-{stage}-", ".template.json"
        self.services = {
            name: Service(name, stage, json.loads(path.read_text()))
            for path in sorted(assembly.glob(f"{prefix}*{suffix}"))
            for name in [path.name.removeprefix(prefix).removesuffix(suffix)]
        }

    @cached_property
    def subscriptions(self) -> list[Subscription]:
        """Return the rules of all services."""
        return [found for service in self.services.values() for found in service.subscriptions]

    def subscribers(self, source: str, detail_type: str) -> list[Subscription]:
        """Return who asked for an event by its name; the journal, which gets every one, is not among them."""
        return [
            found for found in self.subscriptions if not found.takes_every_event and found.matches(source, detail_type)
        ]


def _allows(allowed: list[Any] | None, value: str) -> bool:
    if allowed is None:
        return True
    for one in allowed:
        match one:
            case str():
                if one == value:
                    return True
            case {"prefix": str(prefix), **others} if not others:
                if value.startswith(prefix):
                    return True
            case _:
                raise ValueError(f"a rule has a filter that the catalogue cannot read: {one}")
    return False


def _reference(value: Any) -> str | None:
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
    return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

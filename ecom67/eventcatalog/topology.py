"""The publishers and subscribers of a stage, read from its synthesised templates."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ecom67.base.stage_names import parameter_prefix, resource_prefix

STAGE_PLACEHOLDER = "<stage>"


@dataclass(frozen=True, slots=True)
class RuleSubscription:
    """A rule of the bus with its target. Names contain ``<stage>`` in place of the stage.

    Attributes:
        service: the service of the stack.
        rule: name of the rule.
        pattern: its event pattern.
        queue: name of the target queue; None where the target is not a queue.
        dead_letter_queue: name of the dead-letter queue.
        function: name of the function that consumes the queue.
    """

    service: str
    rule: str
    pattern: Mapping[str, list[Any]]
    queue: str | None
    dead_letter_queue: str | None
    function: str | None

    @property
    def matches_all_events(self) -> bool:
        """Return whether it matches every event, as the journal's rule does."""
        return not {"source", "detail-type"} & self.pattern.keys()

    def matches(self, source: str, detail_type: str) -> bool:
        """Return whether it matches an event."""
        return _allows(self.pattern.get("source"), source) and _allows(self.pattern.get("detail-type"), detail_type)

    @property
    def detail_types(self) -> list[str]:
        """Return the detail types in its pattern."""
        return [name for name in self.pattern.get("detail-type", []) if isinstance(name, str)]


@dataclass(frozen=True)
class ServiceTemplate:
    """The stack of a service."""

    name: str
    stage: str
    template: dict[str, Any]

    @property
    def functions(self) -> dict[str, str]:
        """Return the handlers of its functions by function name."""
        functions = self._of_type("AWS::Lambda::Function").values()
        return {self._plain(function["FunctionName"]): str(function["Handler"]) for function in functions}

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
    def publishing_functions(self) -> list[str]:
        """Return the names of the functions that may put events on the bus."""
        roles = {
            _reference(role)
            for policy in self._of_type("AWS::IAM::Policy").values()
            for statement in policy["PolicyDocument"]["Statement"]
            if "events:PutEvents" in _as_list(statement["Action"])
            for role in policy["Roles"]
        }
        functions = self._of_type("AWS::Lambda::Function").values()
        return sorted(self._plain(one["FunctionName"]) for one in functions if _reference(one["Role"]) in roles)

    @cached_property
    def subscriptions(self) -> list[RuleSubscription]:
        """Return its rules of the bus."""
        return [
            RuleSubscription(
                service=self.name,
                rule=self._plain(rule["Name"]),
                pattern=rule["EventPattern"],
                queue=self._queue(target["Arn"]),
                dead_letter_queue=self._queue(target.get("DeadLetterConfig", {}).get("Arn")),
                function=self._consumer_of(target["Arn"]),
            )
            for rule in self._of_type("AWS::Events::Rule").values()
            if "EventPattern" in rule
            for target in rule["Targets"]
        ]

    def state_machines(self) -> Iterator[dict[str, Any]]:
        """Yield the definitions of its state machines; values known only at deployment become parameter names."""
        for machine in self._of_type("AWS::StepFunctions::StateMachine").values():
            definition = machine["DefinitionString"]
            parts = definition["Fn::Join"][1] if isinstance(definition, dict) else [definition]
            yield json.loads("".join(part if isinstance(part, str) else self._parameter_name(part) for part in parts))

    def _parameter_name(self, value: Any) -> str:
        # The path of an SSM parameter: /ecom67/<stage>/cart/validate-arn.
        path = str(self.template.get("Parameters", {}).get(_reference(value), {}).get("Default", ""))
        return path.removeprefix(parameter_prefix(self.stage))

    def _of_type(self, resource_type: str) -> dict[str, dict[str, Any]]:
        resources = self.template.get("Resources", {}).items()
        return {name: body.get("Properties", {}) for name, body in resources if body["Type"] == resource_type}

    def _queue(self, arn: Any) -> str | None:
        queue = self._of_type("AWS::SQS::Queue").get(_reference(arn) or "")
        return self._plain(queue["QueueName"]) if queue else None

    def _consumer_of(self, queue_arn: Any) -> str | None:
        functions = self._of_type("AWS::Lambda::Function")
        for source in self._of_type("AWS::Lambda::EventSourceMapping").values():
            if _reference(source["EventSourceArn"]) == _reference(queue_arn):
                return self._plain(functions[str(_reference(source["FunctionName"]))]["FunctionName"])
        return None

    def _plain(self, name: str) -> str:
        return name.replace(resource_prefix(self.stage), resource_prefix(STAGE_PLACEHOLDER))


class Topology:
    """All services of a stage.

    Parameters:
        assembly: folder of the synthesised templates.
        stage: name of their stage.
    """

    def __init__(self, assembly: Path, stage: str) -> None:
        prefix, suffix = resource_prefix(stage), ".template.json"
        self.services = {
            name: ServiceTemplate(name, stage, json.loads(path.read_text()))
            for path in sorted(assembly.glob(f"{prefix}*{suffix}"))
            for name in [path.name.removeprefix(prefix).removesuffix(suffix)]
        }

    @cached_property
    def subscriptions(self) -> list[RuleSubscription]:
        """Return the rules of all services."""
        return [subscription for service in self.services.values() for subscription in service.subscriptions]

    def subscribers(self, source: str, detail_type: str) -> list[RuleSubscription]:
        """Return the subscriptions that name an event; the journal, which receives all events, is not among them."""
        return [
            subscription
            for subscription in self.subscriptions
            if not subscription.matches_all_events and subscription.matches(source, detail_type)
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


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

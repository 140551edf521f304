"""The deployed rules of a stage's bus, with their queues and the functions that consume them."""

import json
from dataclasses import dataclass
from typing import Any

from bus.concurrent_calls import map_concurrently
from ecom67.stage_client import StageClient

JOURNAL = "journal"
CATALOG_SUFFIX = "-catalog"
"""Of the second rule of a service, which has a queue of its own for what an import puts by the thousand."""
_EXACT_FIELDS = frozenset({"source", "detail-type", "version"})


@dataclass(frozen=True, slots=True)
class BusRule:
    """A rule of the bus.

    Attributes:
        consumer: name of the consuming service, for its events of the catalogue ``<service>-catalog``; for rules of
            other projects, the name of the rule.
        rule_arn: ARN of the rule.
        pattern: its event pattern.
        enabled: whether it is enabled.
        queue_arn: ARN of its target queue; None where the target is not a queue.
        function: name of the function that consumes the queue, if known.
    """

    consumer: str
    rule_arn: str
    pattern: dict[str, Any]
    enabled: bool
    queue_arn: str | None
    function: str | None

    @property
    def service(self) -> str:
        """Return the name of the consuming service, which may have a second rule for the events of the catalogue."""
        return self.consumer.removesuffix(CATALOG_SUFFIX)

    @property
    def is_exact(self) -> bool:
        """Whether its pattern names exact sources and detail types, and nothing else of an event."""
        return self.pattern.keys() <= _EXACT_FIELDS and all(
            isinstance(value, str) for values in self.pattern.values() for value in values
        )


def bus_rules(stage: StageClient) -> list[BusRule]:
    """Return the rules of a stage's bus, including the journal's, sorted by consumer."""
    events = stage.client("events")
    bus = stage.published["bus/name"]
    functions = functions_by_queue(stage)
    rules = [
        rule
        for page in events.get_paginator("list_rules").paginate(EventBusName=bus)
        for rule in page["Rules"]
        if rule.get("EventPattern")
    ]

    def read(rule: dict[str, Any]) -> BusRule:
        targets = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]
        queue_arn = next((target["Arn"] for target in targets if ":sqs:" in target["Arn"]), None)
        return BusRule(
            consumer=rule["Name"].removeprefix(stage.prefix).removesuffix("-events"),
            rule_arn=rule["Arn"],
            pattern=json.loads(rule["EventPattern"]),
            enabled=rule["State"] != "DISABLED",
            queue_arn=queue_arn,
            function=functions.get(queue_arn or ""),
        )

    return sorted(map_concurrently(read, rules), key=lambda rule: rule.consumer)


def functions_by_queue(stage: StageClient) -> dict[str, str]:
    """Return the names of the stage's functions that consume queues, by the ARN of the queue."""
    pages = stage.client("lambda").get_paginator("list_event_source_mappings").paginate()
    return {
        mapping["EventSourceArn"]: mapping["FunctionArn"].rpartition(":function:")[2].partition(":")[0]
        for page in pages
        for mapping in page["EventSourceMappings"]
        if ":sqs:" in mapping.get("EventSourceArn", "") and stage.prefix in mapping["FunctionArn"]
    }


def matches(rule: BusRule, event: dict[str, Any], stage: StageClient) -> bool:
    """Return whether a rule matches an event, given as EventBridge delivers it.

    Exact patterns are evaluated here, all others by EventBridge.
    """
    if not rule.enabled:
        return False
    if rule.is_exact:
        return all(event.get(name) in values for name, values in rule.pattern.items())
    return matches_by_eventbridge(stage, json.dumps(rule.pattern), event)


def matches_by_eventbridge(stage: StageClient, pattern: str, event: dict[str, Any]) -> bool:
    """Return whether the EventBridge of a stage matches an event with a pattern.

    Parameters:
        stage: the stage.
        pattern: the event pattern as JSON text.
        event: the event as EventBridge delivers it; an account and a region are added where they are missing.
    """
    # EventBridge refuses an event without these.
    whole = {"account": "000000000000", "region": stage.client("events").meta.region_name, **event}
    answer = stage.client("events").test_event_pattern(EventPattern=pattern, Event=json.dumps(whole))
    return bool(answer["Result"])

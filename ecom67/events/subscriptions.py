"""Who reads the bus: its rules as they are deployed, the queue behind each, and the function that reads that."""

import json
from dataclasses import dataclass
from typing import Any

from ecom67.stage_client import StageClient, map_concurrently

JOURNAL = "journal"
_EXACT = frozenset({"source", "detail-type", "version"})


@dataclass(frozen=True, slots=True)
class Subscription:
    """A rule of the bus.

    Attributes:
        consumer: by whose name it goes: the service, or the rule's name where it is none of ours.
        rule_arn: of the rule.
        pattern: of the events that it takes.
        enabled: whether it takes any.
        queue_arn: where it sends them; None where that is no queue.
        function: that the queue wakes; None where nobody is known to read it.
    """

    consumer: str
    rule_arn: str
    pattern: dict[str, Any]
    enabled: bool
    queue_arn: str | None
    function: str | None


def subscriptions(stage: StageClient) -> list[Subscription]:
    """Return the rules of a stage's bus, the journal's included, by consumer."""
    events = stage.client("events")
    bus = stage.published["bus/name"]
    functions = functions_by_queue(stage)
    rules = [
        rule
        for page in events.get_paginator("list_rules").paginate(EventBusName=bus)
        for rule in page["Rules"]
        if rule.get("EventPattern")
    ]

    def read(rule: dict[str, Any]) -> Subscription:
        targets = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]
        queue_arn = next((target["Arn"] for target in targets if ":sqs:" in target["Arn"]), None)
        return Subscription(
            consumer=rule["Name"].removeprefix(stage.prefix).removesuffix("-events"),
            rule_arn=rule["Arn"],
            pattern=json.loads(rule["EventPattern"]),
            enabled=rule["State"] != "DISABLED",
            queue_arn=queue_arn,
            function=functions.get(queue_arn or ""),
        )

    return sorted(map_concurrently(read, rules), key=lambda subscription: subscription.consumer)


def functions_by_queue(stage: StageClient) -> dict[str, str]:
    """Return the name of the function that each queue wakes, by the queue's ARN; only of this stage."""
    pages = stage.client("lambda").get_paginator("list_event_source_mappings").paginate()
    return {
        mapping["EventSourceArn"]: mapping["FunctionArn"].rpartition(":function:")[2].partition(":")[0]
        for page in pages
        for mapping in page["EventSourceMappings"]
        if ":sqs:" in mapping.get("EventSourceArn", "") and stage.prefix in mapping["FunctionArn"]
    }


def takes(subscription: Subscription, event: dict[str, Any], stage: StageClient) -> bool:
    """Say whether a rule takes an event, given as EventBridge delivers it.

    Rules of ours name sources and types, which is decided here; of any other pattern EventBridge is asked.
    """
    if not subscription.enabled:
        return False
    pattern = subscription.pattern
    if pattern.keys() <= _EXACT and all(isinstance(one, str) for values in pattern.values() for one in values):
        return all(event.get(name) in values for name, values in pattern.items())
    answer = stage.client("events").test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(event))
    return bool(answer["Result"])

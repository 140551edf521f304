"""A subscription to events: rule → queue with dead-letter queue and alarm → function."""

import json
from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.paths import ROOT
from infra.constructs.queues import consume_queue, create_queue_with_dlq
from infra.constructs.service_stack import ServiceStack
from infra.stage import MIN_QUEUE_CONCURRENCY

GATHERED_EVENTS = 100
"""The most events of one invocation whose events are gathered."""
CONTRACTS = ROOT / "schemas" / "json"


class EventSubscription(Construct):
    """Subscribes a consumer function to events of the bus.

    The function gets the name of the quarantine table in ``QUARANTINE_TABLE``, and may write there.

    Parameters:
        stack: the consuming service's stack.
        consumer: the function.
        event_types: class names of the events, such as ``OrderPlaced``.
        timeout: the function's timeout; 10 seconds by default.
        delivery_delay: how long an event waits in the queue before it is delivered; 0 by default.
        batching_window: how long events are gathered for one invocation, of a hundred at most; 0 by default. Fewer
            pollers then gather, since each has a batch of its own.
        name: of the queue, the rule and the dead-letter queue, of which a service may have several.
        taken_from: the subscription that has delivered these events in an earlier version. Its rule is changed after
            this one is there, so that an event is delivered twice while it is deployed, and never not at all.

    Raises ValueError if an event has no contract.
    """

    def __init__(
        self,
        stack: ServiceStack,
        *,
        consumer: lambda_.Function,
        event_types: Iterable[str],
        timeout: Duration | None = None,
        delivery_delay: Duration | None = None,
        batching_window: Duration | None = None,
        name: str = "events",
        taken_from: "EventSubscription | None" = None,
    ) -> None:
        super().__init__(stack, name.capitalize())
        queue, dead_letter_queue = create_queue_with_dlq(
            stack,
            name,
            consumer_timeout=timeout or Duration.seconds(10),
            batching_window=batching_window,
            delivery_delay=delivery_delay,
        )
        bus = events.EventBus.from_event_bus_arn(self, "Bus", stack.read_parameter("bus", "arn"))
        subscribed = list(event_types)
        self._rule = events.Rule(
            self,
            "Rule",
            rule_name=f"{stack.stage.prefix}-{stack.service}-{name}",
            description=f"What {stack.service} reads: {', '.join(subscribed)}",
            event_bus=bus,
            event_pattern=events.EventPattern(
                source=sorted({event_source(event_type) for event_type in subscribed}), detail_type=sorted(subscribed)
            ),
            targets=[targets.SqsQueue(queue, dead_letter_queue=dead_letter_queue)],
        )
        if taken_from:
            taken_from._rule.node.add_dependency(self._rule)  # noqa: SLF001 - of this class
        if batching_window and batching_window.to_seconds():
            consume_queue(
                queue,
                consumer,
                stack,
                batch_size=GATHERED_EVENTS,
                batching_window=batching_window,
                max_concurrency=MIN_QUEUE_CONCURRENCY,
            )
        else:
            consume_queue(queue, consumer, stack)
        _grant_quarantine(stack, consumer)


def add_catalog_subscription(
    stack: ServiceStack,
    others: EventSubscription,
    *,
    consumer: lambda_.Function,
    event_types: Iterable[str],
    timeout: Duration,
) -> EventSubscription:
    """Subscribe a function to events of the catalogue by a queue of their own, named ``catalog``.

    An import puts thousands of them at once. Behind them in one queue an order would wait for minutes, and the lines
    that it has bought would stay in the cart. Nobody waits for these, so they are gathered.

    Parameters:
        stack: the consuming service's stack.
        others: the function's subscription to what somebody waits for.
        consumer: the function.
        event_types: class names of the events.
        timeout: the function's timeout: enough for a hundred events.
    """
    return EventSubscription(
        stack,
        consumer=consumer,
        event_types=event_types,
        timeout=timeout,
        batching_window=Duration.seconds(stack.stage.catalog_batching_window_seconds),
        name="catalog",
        taken_from=others,
    )


def event_source(event_type: str) -> str:
    """Return the EventBridge source of an event, as its committed contract names it.

    Parameters:
        event_type: class name of the event, such as ``OrderPlaced``.

    Raises ValueError if the event has no contract.
    """
    found = sorted(CONTRACTS.glob(f"*/{event_type}.v*.json"))
    if not found:
        raise ValueError(f"no contract in {CONTRACTS.relative_to(ROOT)} is named {event_type}")
    source: str = json.loads(found[-1].read_text())["x-ecom67-source"]
    return source


def _grant_quarantine(stack: ServiceStack, consumer: lambda_.Function) -> None:
    if stack.node.try_find_child("Quarantine"):
        return
    name = stack.read_parameter("bus", "quarantine-table")
    dynamodb.Table.from_table_name(stack, "Quarantine", name).grant(consumer, "dynamodb:PutItem")
    consumer.add_environment("QUARANTINE_TABLE", name)

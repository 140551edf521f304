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
    ) -> None:
        super().__init__(stack, "Events")
        queue, dead_letter_queue = create_queue_with_dlq(
            stack,
            "events",
            consumer_timeout=timeout or Duration.seconds(10),
            batching_window=batching_window,
            delivery_delay=delivery_delay,
        )
        bus = events.EventBus.from_event_bus_arn(self, "Bus", stack.read_parameter("bus", "arn"))
        subscribed = list(event_types)
        events.Rule(
            self,
            "Rule",
            rule_name=f"{stack.stage.prefix}-{stack.service}-events",
            description=f"What {stack.service} reads: {', '.join(subscribed)}",
            event_bus=bus,
            event_pattern=events.EventPattern(
                source=sorted({event_source(event_type) for event_type in subscribed}), detail_type=sorted(subscribed)
            ),
            targets=[targets.SqsQueue(queue, dead_letter_queue=dead_letter_queue)],
        )
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
    name = stack.read_parameter("bus", "quarantine-table")
    dynamodb.Table.from_table_name(stack, "Quarantine", name).grant(consumer, "dynamodb:PutItem")
    consumer.add_environment("QUARANTINE_TABLE", name)

"""A subscription to events: rule → queue with DLQ and alarm → function."""

import json
from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.constructs.function_package import ROOT
from infra.constructs.queues import queue_with_dead_letters
from infra.constructs.service_stack import ServiceStack

CONTRACTS = ROOT / "schemas" / "json"


class EventSubscription(Construct):
    """Subscribes a consumer function to events of the bus.

    Parameters:
        stack: the consuming service's stack.
        consumer: the function; it is told where the quarantine is and may write there.
        event_types: class names of the events, such as ``OrderPlaced``.
        timeout: the function's timeout.
        delivery_delay: how long an event waits in the queue before the consumer sees it.

    Raises ValueError for an event that no contract has.
    """

    def __init__(
        self,
        stack: ServiceStack,
        *,
        consumer: lambda_.Function,
        event_types: Iterable[str],
        timeout: Duration | None = None,
        delivery_delay: Duration | None = None,
    ) -> None:
        super().__init__(stack, "Events")
        self.queue, self.dead_letters = queue_with_dead_letters(
            stack, "events", handler_timeout=timeout or Duration.seconds(10), delivery_delay=delivery_delay
        )
        bus = events.EventBus.from_event_bus_arn(self, "Bus", stack.read("bus", "arn"))
        wanted = list(event_types)
        events.Rule(
            self,
            "Rule",
            rule_name=f"{stack.stage.prefix}-{stack.service}-events",
            description=f"What {stack.service} reads: {', '.join(wanted)}",
            event_bus=bus,
            event_pattern=events.EventPattern(
                source=sorted({source_of(event_type) for event_type in wanted}), detail_type=sorted(wanted)
            ),
            targets=[targets.SqsQueue(self.queue, dead_letter_queue=self.dead_letters)],
        )
        consumer.add_event_source(sources.SqsEventSource(self.queue, batch_size=10, report_batch_item_failures=True))
        grant_quarantine(stack, consumer)


def grant_quarantine(stack: ServiceStack, consumer: lambda_.Function) -> None:
    """Let a consumer keep unreadable events in the quarantine."""
    name = stack.read("bus", "quarantine-table")
    dynamodb.Table.from_table_name(stack, "Quarantine", name).grant(consumer, "dynamodb:PutItem")
    consumer.add_environment("QUARANTINE_TABLE", name)


def source_of(event_type: str) -> str:
    """Return the EventBridge source of an event, by its committed contract.

    Raises ValueError where no contract has that name.
    """
    found = sorted(CONTRACTS.glob(f"*/{event_type}.v*.json"))
    if not found:
        raise ValueError(f"no contract in {CONTRACTS.relative_to(ROOT)} is named {event_type}")
    source: str = json.loads(found[-1].read_text())["x-ecom67-source"]
    return source

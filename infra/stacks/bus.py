"""The bus: the event bus itself, its archive, the schema registry, the journal of every event, and the quarantine."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.constructs.queues import queue_with_dead_letters
from infra.constructs.schema_registry import SchemaRegistry
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

JOURNAL_INDEXES = {
    "correlation-index": ("correlationId", "occurredAt", dynamodb.AttributeType.STRING),
    "aggregate-index": ("aggregateId", "occurredAt", dynamodb.AttributeType.STRING),
    "hour-index": ("hour", "journalledAt", dynamodb.AttributeType.NUMBER),
}
"""How the journal is read: by request, by the thing that changed, in the order of time."""


class BusStack(ServiceStack):
    """Owns the event bus. Everything else finds it under ``/ecom67/<stage>/bus/…``."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, stage, "bus")
        self.bus = events.EventBus(
            self, "Bus", event_bus_name=stage.prefix, description="All domain events of the shop"
        )
        self.publish("name", self.bus.event_bus_name)
        self.publish("arn", self.bus.event_bus_arn)
        self.bus.archive(
            "Archive",
            archive_name=f"{stage.prefix}-archive",
            description="All domain events, for replays",
            event_pattern=events.EventPattern(source=events.Match.prefix("ecom67.")),
            retention=Duration.days(stage.archive_days),
        )
        SchemaRegistry(self)
        quarantine = ServiceTable(self, "Quarantine", partition_key="quarantineId", expires=True)
        self.publish("quarantine-table", quarantine.table_name)
        self._alarm("QuarantineAlarm", "EventsQuarantined", "An event could not be read.")
        self._journal(quarantine)

    def _journal(self, quarantine: ServiceTable) -> None:
        journal = ServiceTable(self, "Journal", partition_key="eventId", expires=True)
        for name, (partition_key, sort_key, kind) in JOURNAL_INDEXES.items():
            journal.add_global_secondary_index(
                index_name=name,
                partition_key=dynamodb.Attribute(name=partition_key, type=dynamodb.AttributeType.STRING),
                sort_key=dynamodb.Attribute(name=sort_key, type=kind),
                # Keys only: every event is written to each of them, and few are ever looked for.
                projection_type=dynamodb.ProjectionType.KEYS_ONLY,
            )
        self.publish("journal-table", journal.table_name)
        timeout = Duration.seconds(20)
        function = ServiceFunction(
            self,
            "journal",
            handler="bus.journal:handler",
            environment={"JOURNAL_TABLE": journal.table_name, "QUARANTINE_TABLE": quarantine.table_name},
            dependencies="journal",
            data=("schemas/json",),
            timeout=timeout,
        )
        journal.grant(function, "dynamodb:UpdateItem")
        quarantine.grant(function, "dynamodb:PutItem")
        queue, dead_letters = queue_with_dead_letters(self, "journal", handler_timeout=timeout)
        events.Rule(
            self,
            "JournalRule",
            rule_name=f"{self.stage.prefix}-journal",
            description="Every event on the bus goes to the journal",
            event_bus=self.bus,
            event_pattern=events.EventPattern(version=["0"]),
            targets=[targets.SqsQueue(queue, dead_letter_queue=dead_letters)],
        )
        window = self.stage.journal_window_seconds
        function.add_event_source(
            sources.SqsEventSource(
                queue,
                batch_size=100 if window else 10,
                max_batching_window=Duration.seconds(window),
                report_batch_item_failures=True,
            )
        )
        self._alarm("InvalidEventsAlarm", "EventsInvalid", "Events on the bus do not fit their contract.")

    def _alarm(self, construct_id: str, metric_name: str, description: str) -> None:
        cloudwatch.Alarm(
            self,
            construct_id,
            alarm_description=f"{description} See docs/runbooks/quarantine.md.",
            metric=cloudwatch.Metric(
                namespace="ecom67", metric_name=metric_name, statistic="Sum", period=Duration.minutes(1)
            ),
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

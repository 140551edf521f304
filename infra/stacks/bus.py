"""The bus: the event bus itself, its archive, the schema registry, the journal of every event, and the quarantine."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.constructs.function import ServiceFunction
from infra.constructs.queue import queue_with_dead_letters
from infra.constructs.schema_registry import SchemaRegistry
from infra.constructs.service_stack import ServiceStack
from infra.constructs.table import ServiceTable
from infra.stage import Stage

JOURNAL_INDEX = "correlation-index"


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
        self._alarm("QuarantineAlarm", "EventsQuarantined", "A consumer could not read an event.")
        self._journal()

    def _journal(self) -> None:
        journal = ServiceTable(self, "Journal", partition_key="eventId", expires=True)
        journal.add_global_secondary_index(
            index_name=JOURNAL_INDEX,
            partition_key=dynamodb.Attribute(name="correlationId", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="occurredAt", type=dynamodb.AttributeType.STRING),
        )
        self.publish("journal-table", journal.table_name)
        timeout = Duration.seconds(20)
        function = ServiceFunction(
            self,
            "journal",
            handler="bus.journal:handler",
            environment={"JOURNAL_TABLE": journal.table_name},
            dependencies="journal",
            data=("schemas/json",),
            timeout=timeout,
        )
        journal.grant(function, "dynamodb:UpdateItem")
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
            alarm_description=description,
            metric=cloudwatch.Metric(
                namespace="ecom67", metric_name=metric_name, statistic="Sum", period=Duration.minutes(1)
            ),
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

"""The bus: the event bus itself, its archive, the schema registry, the journal of every event, and the quarantine."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.constructs.alarms import AlarmTopic, add_alarm, service_metric
from infra.constructs.erased_users import TABLE_PARAMETER
from infra.constructs.queues import consume_queue, create_queue_with_dlq
from infra.constructs.schema_registry import SchemaRegistry
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

JOURNAL_INDEXES = {
    "correlation-index": ("correlationId", "occurredAt", dynamodb.AttributeType.STRING),
    "aggregate-index": ("aggregateId", "occurredAt", dynamodb.AttributeType.STRING),
    "time-index": ("window", "journalledAt", dynamodb.AttributeType.NUMBER),
}
"""Partition key, sort key and its type of each index: events by request, by aggregate, and by time."""
CONSUMER_INDEX = "consumer-index"
"""Of the quarantine: what a consumer could not read, by when that was."""
PROJECTED_ATTRIBUTES = {"time-index": ["source", "detailType", "occurredAt", "faults"]}
"""What an index has besides the keys. An entry stays within one write unit, so it costs nothing more."""


class BusStack(ServiceStack):
    """Owns the event bus, its archive, the schema registry, the journal and the quarantine.

    Owns the topic of all alarms as well, because every stack with an alarm is deployed after this one.

    Owns the table of erased users too: it is the one thing that all services consult, and identity alone writes.

    Publishes ``name`` and ``arn`` of the bus, ``quarantine-table``, ``journal-table``, ``erased-users-table`` and
    ``alarm-topic-arn``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
    """

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, stage, "bus")
        AlarmTopic(self)
        self._bus = events.EventBus(
            self, "Bus", event_bus_name=stage.prefix, description="All domain events of the shop"
        )
        self.publish_parameter("name", self._bus.event_bus_name)
        self.publish_parameter("arn", self._bus.event_bus_arn)
        self._bus.archive(
            "Archive",
            archive_name=f"{stage.prefix}-archive",
            description="All domain events, for replays",
            event_pattern=events.EventPattern(source=events.Match.prefix("ecom67.")),
            retention=Duration.days(stage.archive_days),
        )
        SchemaRegistry(self)
        quarantine = ServiceTable(self, "Quarantine", partition_key="quarantineId", expires=True)
        quarantine.add_global_secondary_index(
            index_name=CONSUMER_INDEX,
            partition_key=dynamodb.Attribute(name="consumer", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="quarantinedAt", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self.publish_parameter("quarantine-table", quarantine.table_name)
        erased_users = ServiceTable(self, "ErasedUsers", partition_key="userId", expires=True)
        self.publish_parameter(TABLE_PARAMETER, erased_users.table_name)
        self._add_alarm("QuarantineAlarm", "EventsQuarantined", "An event could not be read, or was rejected.")
        self._add_journal(quarantine)

    def _add_journal(self, quarantine: ServiceTable) -> None:
        journal = ServiceTable(self, "Journal", partition_key="eventId", expires=True)
        for name, (partition_key, sort_key, sort_key_type) in JOURNAL_INDEXES.items():
            projected = PROJECTED_ATTRIBUTES.get(name)
            journal.add_global_secondary_index(
                index_name=name,
                partition_key=dynamodb.Attribute(name=partition_key, type=dynamodb.AttributeType.STRING),
                sort_key=dynamodb.Attribute(name=sort_key, type=sort_key_type),
                # Never the event itself: each event is written to each index, and few events are ever read.
                projection_type=dynamodb.ProjectionType.INCLUDE if projected else dynamodb.ProjectionType.KEYS_ONLY,
                non_key_attributes=projected,
            )
        self.publish_parameter("journal-table", journal.table_name)
        # Time for a hundred events, one write each.
        timeout = Duration.seconds(60)
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
        window = self.stage.journal_batching_window_seconds
        queue, dead_letter_queue = create_queue_with_dlq(
            self, "journal", consumer_timeout=timeout, batching_window=Duration.seconds(window)
        )
        events.Rule(
            self,
            "JournalRule",
            rule_name=f"{self.stage.prefix}-journal",
            description="Every event on the bus goes to the journal",
            event_bus=self._bus,
            event_pattern=events.EventPattern(version=["0"]),
            targets=[targets.SqsQueue(queue, dead_letter_queue=dead_letter_queue)],
        )
        consume_queue(queue, function, self, batch_size=100 if window else 10, batching_window=Duration.seconds(window))
        self._add_alarm("InvalidEventsAlarm", "EventsInvalid", "Events on the bus do not fit their contract.")

    def _add_alarm(self, construct_id: str, metric_name: str, description: str) -> None:
        add_alarm(
            self,
            construct_id,
            description=description,
            runbook="quarantine",
            metric=service_metric(metric_name),
        )

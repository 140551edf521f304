"""The operations stack: staff's routes about events, and reconciliation, which compares the records of all services."""

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.alarms import add_alarm, service_metric
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.schedule import Schedule
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

STATE_INDEX = "state-firstSeenAt-index"
JOURNAL_INDEXES = ("correlation-index", "aggregate-index", "time-index")
COMPARED_TABLES = ("Payments", "Checkouts", "Orders", "Reservations", "Stock", "SendLog")
"""Tables of other services that reconciliation reads, and nothing else does: an auditor reads for itself."""
REPAIRED_CONSUMERS = ("checkout", "inventory", "invoices", "notifications", "orders", "payment")
"""Services whose queue gets an event of the journal again where its effect is missing."""


class OperationsStack(ServiceStack):
    """Owns the differences that reconciliation has found, and staff's view of the events of all services.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
        consuming: all stacks with queues, whose dead letters staff sees and sends again.
    """

    def __init__(
        self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...], consuming: Iterable[ServiceStack]
    ) -> None:
        super().__init__(scope, stage, "operations", depends_on)
        self._dead_letters = [name for stack in consuming for name in stack.dead_letter_queues]
        self._differences = ServiceTable(self, "Differences", partition_key="differenceId", expires=True)
        self._differences.add_global_secondary_index(
            index_name=STATE_INDEX,
            partition_key=dynamodb.Attribute(name="state", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="firstSeenAt", type=dynamodb.AttributeType.STRING),
            projection_type=dynamodb.ProjectionType.ALL,
        )
        self._journal_table = self.read_parameter("bus", "journal-table")
        self._add_api()
        self._add_reconciliation()

    def _create_function(
        self, name: str, handler: str, timeout: Duration, environment: dict[str, str], dependencies: str = "runtime"
    ) -> ServiceFunction:
        function = ServiceFunction(
            self,
            name,
            handler=handler,
            environment={
                "DIFFERENCES_TABLE": self._differences.table_name,
                "JOURNAL_TABLE": self._journal_table,
                "NAME_PREFIX": f"{self.stage.prefix}-",
                **environment,
            },
            timeout=timeout,
            dependencies=dependencies,
        )
        self._differences.grant(function, "dynamodb:GetItem", "dynamodb:PutItem")
        self._differences.grant_query(function, STATE_INDEX)
        journal = self._table_arn(self._journal_table)
        self._allow(function, [journal], "dynamodb:GetItem", "dynamodb:BatchGetItem")
        self._allow(function, [f"{journal}/index/{index}" for index in JOURNAL_INDEXES], "dynamodb:Query")
        return function

    def _add_api(self) -> None:
        quarantine = self.read_parameter("bus", "quarantine-table")
        function = self._create_function(
            "api",
            "services.operations.api:api",
            Duration.seconds(29),
            {"QUARANTINE_TABLE": quarantine, "DEAD_LETTER_QUEUES": ",".join(sorted(self._dead_letters))},
        )
        quarantine_arn = self._table_arn(quarantine)
        self._allow(function, [quarantine_arn], "dynamodb:BatchGetItem")
        self._allow(function, [f"{quarantine_arn}/index/consumer-index"], "dynamodb:Query")
        self._allow(
            function,
            [self._queue_arn(name) for name in self._dead_letters],
            "sqs:GetQueueUrl",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
        )
        sources = [self._queue_arn(name.removesuffix("-dlq")) for name in self._dead_letters]
        self._allow(function, sources, "sqs:GetQueueUrl", "sqs:SendMessage")
        HttpRoutes(self, function).add(
            "GET /staff/events",
            "GET /staff/quarantine",
            "GET /staff/dead-letters",
            "POST /staff/dead-letters/{queue}/redrive",
            "GET /staff/differences",
            "POST /staff/differences/{differenceId}/accept",
            access=Access.AUTHENTICATED,
        )

    def _add_reconciliation(self) -> None:
        commands = {
            "RELEASE_ARN": self.read_parameter("inventory", "release-arn"),
            "CONFIRM_ARN": self.read_parameter("payment", "confirm-arn"),
        }
        function = self._create_function(
            "reconcile",
            "services.operations.reconcile:handler",
            Duration.minutes(2),
            {**commands, "STRIPE_SECRET": f"ecom67/{self.stage.name}/stripe"},
            # Stripe's SDK.
            dependencies="payment",
        )
        tables = {name: self._table_arn(f"{self.stage.prefix}-{name}") for name in COMPARED_TABLES}
        self._allow(function, [arn for name, arn in tables.items() if name != "Orders"], "dynamodb:BatchGetItem")
        # Of an order only the id is known, and not whose it is.
        self._allow(function, [tables["Orders"]], "dynamodb:Query")
        secret = self.read_parameter("payment", "stripe-secret-arn")
        self._allow(function, [secret], "secretsmanager:GetSecretValue")
        self._allow(
            function,
            [self._queue_arn(f"{consumer}-events") for consumer in REPAIRED_CONSUMERS],
            "sqs:GetQueueUrl",
            "sqs:SendMessage",
        )
        function.allow_invoking(commands.values())
        Schedule(
            self,
            function,
            every=Duration.hours(1),
            description="Compares what Stripe and all services say of each order, and repairs what is safe",
        )
        add_alarm(
            self,
            "RecordsDifferAlarm",
            description="Records of an order differ, and nothing but a person can mend it.",
            runbook="records-differ",
            metric=service_metric("RecordsDiffer", Duration.hours(1)),
        )
        add_alarm(
            self,
            "ReconciliationIncompleteAlarm",
            description="Reconciliation has had no time for all periods, three hours in a row.",
            runbook="records-differ",
            metric=service_metric("ReconciliationIncomplete", Duration.hours(1)),
            evaluation_periods=3,
        )

    def _allow(self, function: ServiceFunction, resources: list[str], *actions: str) -> None:
        function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=resources))

    def _table_arn(self, name: str) -> str:
        return self.format_arn(service="dynamodb", resource="table", resource_name=name)

    def _queue_arn(self, name: str) -> str:
        return self.format_arn(service="sqs", resource=f"{self.stage.prefix}-{name}")

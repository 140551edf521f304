"""The reporting stack: facts of sales, sums of days, stock levels, the event consumer, routes, and the files."""

from datetime import time

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.schedule import Schedule
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

SUBSCRIBED_EVENTS = [
    "CartStarted",
    "CheckoutFailed",
    "OrderPlaced",
    "OrderCancelled",
    "OrderRefunded",
    "StockChanged",
    "ProductCreated",
    "ProductUpdated",
    "ProductDeleted",
]
LOW_STOCK_INDEX = "low-stock-index"
DAILY_REPORT_AT = time(3, 10)
"""In the shop's time zone: when a day that is over has settled, at an hour that no change of the clocks skips."""
ARCHIVED_AFTER_DAYS = 90
"""The least that the archive's class of storage is billed for is 90 days as well."""


class ReportingStack(ServiceStack):
    """Owns what staff reads of sales, the funnel, and low stock.

    Publishes ``maintenance-arn``, the command of ``ecom67 reports``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "reporting", depends_on)
        self._facts = ServiceTable(self, "SalesFacts", partition_key="day", sort_key="fact", expires=True)
        self._days = ServiceTable(self, "SalesDays", partition_key="generation", sort_key="day")
        self._levels = self._create_stock_levels()
        self._files = self._create_files_bucket()
        self._add_event_consumer()
        self._add_api()
        self._add_maintenance()
        self._add_daily_report()

    def _create_stock_levels(self) -> ServiceTable:
        table = ServiceTable(self, "StockLevels", partition_key="generation", sort_key="productId", expires=True)
        # The index is sparse: only products with few units left have `low`.
        table.add_global_secondary_index(
            index_name=LOW_STOCK_INDEX,
            partition_key=dynamodb.Attribute(name="low", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="available", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["name", "onHand", "deleted"],
        )
        return table

    def _create_files_bucket(self) -> PrivateBucket:
        bucket = PrivateBucket(self, "Files", self.stage, versioned=self.stage.retain_data)
        # S3 leaves files of less than 128 KB where they are: the archive would bill each of them for as much.
        bucket.add_lifecycle_rule(
            transitions=[
                s3.Transition(
                    storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
                    transition_after=Duration.days(ARCHIVED_AFTER_DAYS),
                )
            ],
            noncurrent_version_expiration=Duration.days(ARCHIVED_AFTER_DAYS) if self.stage.retain_data else None,
        )
        return bucket

    def _create_function(self, name: str, handler: str, timeout: Duration) -> ServiceFunction:
        return ServiceFunction(
            self,
            name,
            handler=handler,
            environment={
                "SALES_FACTS_TABLE": self._facts.table_name,
                "SALES_DAYS_TABLE": self._days.table_name,
                "STOCK_LEVELS_TABLE": self._levels.table_name,
                "REPORTS_BUCKET": self._files.bucket_name,
            },
            dependencies="reporting",
            timeout=timeout,
        )

    def _grant_sums(self, function: ServiceFunction) -> None:
        self._facts.grant(function, "dynamodb:Query")
        self._days.grant(function, "dynamodb:Query", "dynamodb:UpdateItem")

    def _add_event_consumer(self) -> None:
        # Time for a hundred events, one write each.
        timeout = Duration.seconds(60)
        function = self._create_function("events", "services.reporting.events:consumer", timeout)
        self._facts.grant(function, "dynamodb:PutItem")
        self._days.grant(function, "dynamodb:UpdateItem")
        self._levels.grant(function, "dynamodb:UpdateItem")
        EventSubscription(
            self,
            consumer=function,
            event_types=SUBSCRIBED_EVENTS,
            timeout=timeout,
            batching_window=Duration.seconds(self.stage.reporting_batching_window_seconds),
        )

    def _add_api(self) -> None:
        function = self._create_function("api", "services.reporting.api:api", Duration.seconds(29))
        self._grant_sums(function)
        self._levels.grant_query(function, LOW_STOCK_INDEX)
        self._allow_files(function, "s3:GetObject")
        HttpRoutes(self, function).add(
            "GET /reports/sales",
            "GET /reports/funnel",
            "GET /reports/products",
            "GET /reports/stock",
            "GET /reports/files",
            "GET /reports/files/{name}",
            access=Access.AUTHENTICATED,
        )

    def _add_maintenance(self) -> None:
        function = self._create_function(
            "maintenance", "services.reporting.maintenance:maintain", Duration.seconds(120)
        )
        self._grant_sums(function)
        self._facts.grant(function, "dynamodb:PutItem")
        self._levels.grant(function, "dynamodb:Query", "dynamodb:UpdateItem")
        self.publish_parameter("maintenance-arn", function.function_arn)

    def _add_daily_report(self) -> None:
        function = self._create_function(
            "daily-report", "services.reporting.daily_report:handler", Duration.seconds(120)
        )
        self._grant_sums(function)
        self._allow_files(function, "s3:PutObject")
        Schedule(self, function, description="Writes the reports of the days that are over", daily_at=DAILY_REPORT_AT)

    def _allow_files(self, function: ServiceFunction, *actions: str) -> None:
        function.add_to_role_policy(
            iam.PolicyStatement(actions=list(actions), resources=[self._files.arn_for_objects("*")])
        )

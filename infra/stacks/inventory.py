"""The inventory stack: the Stock and Reservations tables, commands, event consumer, routes, and sweeper."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription, add_catalog_subscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.schedule import Schedule
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.constructs.stream_consumer import add_stream_consumer
from infra.stage import Stage

LEVEL_INDEX = "level-productId-index"
EXPIRY_INDEX = "state-holdExpiresAt-index"


class InventoryStack(ServiceStack):
    """Owns stock and reservations.

    Publishes ``reserve-arn`` and ``release-arn``, the commands of checkout, and ``available-arn``, that of the chat.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "inventory", depends_on)
        self._stock = ServiceTable(self, "Stock", partition_key="productId", streams=True)
        # Keys only: the index is written when a product becomes low or is so no longer, and not by every order.
        self._stock.add_global_secondary_index(
            index_name=LEVEL_INDEX,
            partition_key=dynamodb.Attribute(name="level", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="productId", type=dynamodb.AttributeType.STRING),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self._stock.add_outbox_relay()
        self._movements = ServiceTable(
            self,
            "Movements",
            partition_key="productId",
            sort_key="sequence",
            sort_key_type=dynamodb.AttributeType.NUMBER,
        )
        self._add_ledger()
        self._reservations = ServiceTable(
            self, "Reservations", partition_key="reservationId", expires=True, streams=True
        )
        # The index is sparse: only held reservations, which the sweeper may have to end, have holdExpiresAt.
        self._reservations.add_global_secondary_index(
            index_name=EXPIRY_INDEX,
            partition_key=dynamodb.Attribute(name="state", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="holdExpiresAt", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["lines", "sequence"],
        )
        self._reservations.add_outbox_relay()
        for name in ("reserve", "release"):
            command = self._create_function(name, f"services.inventory.commands:{name}")
            self._grant_reservation_access(command)
            self.publish_parameter(f"{name}-arn", command.function_arn)
        available = self._create_function("available", "services.inventory.commands:available")
        self._stock.grant(available, "dynamodb:BatchGetItem")
        self.publish_parameter("available-arn", available.function_arn)
        self._add_event_consumer()
        self._add_api()
        self._add_sweeper()

    def _create_function(self, name: str, handler: str, timeout: Duration | None = None) -> ServiceFunction:
        environment = {"STOCK_TABLE": self._stock.table_name, "RESERVATIONS_TABLE": self._reservations.table_name}
        return ServiceFunction(self, name, handler=handler, environment=environment, timeout=timeout)

    def _grant_reservation_access(self, function: ServiceFunction) -> None:
        self._stock.grant(function, "dynamodb:BatchGetItem", "dynamodb:UpdateItem")
        self._reservations.grant(function, "dynamodb:BatchGetItem", "dynamodb:PutItem")

    def _add_event_consumer(self) -> None:
        # Time for a batch of ten orders, each of which may retry conflicts on a contended product for seconds.
        timeout = Duration.seconds(60)
        consumer = self._create_function("events", "services.inventory.events:consumer", timeout)
        self._grant_reservation_access(consumer)
        self._stock.grant(consumer, "dynamodb:PutItem")
        orders = EventSubscription(
            self,
            consumer=consumer,
            event_types=["OrderPlaced", "OrderCancelled", "ReturnReceived", "OrderRefunded"],
            timeout=timeout,
        )
        add_catalog_subscription(self, orders, consumer=consumer, event_types=["ProductCreated"], timeout=timeout)

    def _add_ledger(self) -> None:
        function = ServiceFunction(
            self,
            "ledger",
            handler="services.inventory.movements:handler",
            environment={"MOVEMENTS_TABLE": self._movements.table_name},
            timeout=Duration.seconds(60),
            memory=256,
        )
        self._movements.grant(function, "dynamodb:PutItem")
        add_stream_consumer(
            self,
            "Movements",
            table=self._stock,
            consumer=function,
            # Only writes that have moved units; a filter can match whether a leaf exists.
            record_filter={"dynamodb": {"NewImage": {"movement": {"S": lambda_.FilterRule.exists()}}}},
        )

    def _add_api(self) -> None:
        function = self._create_function("api", "services.inventory.api:api")
        self._stock.grant(function, "dynamodb:GetItem")
        routes = HttpRoutes(self, function)
        routes.add("GET /stock/{productId}", access=Access.PUBLIC)
        routes.add(
            "PUT /stock/{productId}",
            "GET /staff/stock",
            "GET /staff/stock/{productId}",
            "POST /staff/stock/{productId}/adjust",
            "GET /staff/stock/{productId}/movements",
            access=Access.AUTHENTICATED,
            function=self._create_staff_api(),
        )

    def _create_staff_api(self) -> ServiceFunction:
        function = self._create_function("staff-api", "services.inventory.staff_api:api")
        function.add_environment("MOVEMENTS_TABLE", self._movements.table_name)
        self._stock.grant(function, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem")
        self._stock.grant_query(function, LEVEL_INDEX)
        self._movements.grant(function, "dynamodb:Query")
        return function

    def _add_sweeper(self) -> None:
        function = self._create_function("sweeper", "services.inventory.sweeper:handler", Duration.seconds(60))
        self._stock.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        self._reservations.grant_query(function, EXPIRY_INDEX)
        self._reservations.grant(function, "dynamodb:PutItem")
        Schedule(self, function, every=Duration.minutes(1), description="Drops expired holds once a minute")

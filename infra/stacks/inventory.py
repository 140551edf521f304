"""Inventory: the tables Stock and Reservations, checkout's commands, the events, the routes, and the sweeper."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, Routes
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

EXPIRY_INDEX = "state-holdExpiresAt-index"


class InventoryStack(ServiceStack):
    """Owns stock. Checkout finds its commands under ``/ecom67/<stage>/inventory/…``."""

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "inventory", reads_from)
        self._stock = ServiceTable(self, "Stock", partition_key="productId", streams=True).with_outbox_relay()
        self._reservations = ServiceTable(
            self, "Reservations", partition_key="reservationId", expires=True, streams=True
        )
        # Only held reservations have holdExpiresAt: the index holds what the sweeper may have to do and no more.
        self._reservations.add_global_secondary_index(
            index_name=EXPIRY_INDEX,
            partition_key=dynamodb.Attribute(name="state", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="holdExpiresAt", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["lines", "sequence"],
        )
        self._reservations.with_outbox_relay()
        for name in ("reserve", "release"):
            command = self._function(name, f"services.inventory.commands:{name}")
            self._grant_changes(command)
            self.publish(f"{name}-arn", command.function_arn)
        available = self._function("available", "services.inventory.commands:available")
        self._stock.grant(available, "dynamodb:BatchGetItem")
        self.publish("available-arn", available.function_arn)
        self._events()
        self._api()
        self._sweeper()

    def _function(self, name: str, handler: str, timeout: Duration | None = None) -> ServiceFunction:
        environment = {"STOCK_TABLE": self._stock.table_name, "RESERVATIONS_TABLE": self._reservations.table_name}
        return ServiceFunction(self, name, handler=handler, environment=environment, timeout=timeout)

    def _grant_changes(self, function: ServiceFunction) -> None:
        self._stock.grant(function, "dynamodb:BatchGetItem", "dynamodb:UpdateItem")
        self._reservations.grant(function, "dynamodb:BatchGetItem", "dynamodb:PutItem")

    def _events(self) -> None:
        # A batch of ten orders, each of which may be as patient as a contended product asks for.
        timeout = Duration.seconds(60)
        consumer = self._function("events", "services.inventory.events:consumer", timeout)
        self._grant_changes(consumer)
        self._stock.grant(consumer, "dynamodb:PutItem")
        EventSubscription(
            self,
            consumer=consumer,
            event_types=["ProductCreated", "OrderPlaced", "OrderCancelled"],
            timeout=timeout,
        )

    def _api(self) -> None:
        function = self._function("api", "services.inventory.api:api")
        self._stock.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        routes = Routes(self, function)
        routes.add("GET /stock/{productId}", access=Access.ANYONE)
        routes.add("PUT /stock/{productId}", access=Access.SIGNED_IN)

    def _sweeper(self) -> None:
        function = self._function("sweeper", "services.inventory.sweeper:handler", Duration.seconds(60))
        self._stock.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        self._reservations.grant(function, "dynamodb:Query", "dynamodb:PutItem")
        events.Rule(
            self,
            "SweeperRule",
            rule_name=f"{self.stage.prefix}-inventory-sweeper",
            description="Drops expired holds once a minute",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.LambdaFunction(function, retry_attempts=0)],
        )

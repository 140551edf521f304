"""Inventory: the tables Stock and Reservations, the commands of checkout, the routes, the events, the sweeper."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.function import ServiceFunction
from infra.constructs.routes import Access, Routes
from infra.constructs.service_stack import ServiceStack
from infra.constructs.subscription import EventSubscription
from infra.constructs.table import ServiceTable
from infra.stage import Stage

READS = ("dynamodb:BatchGetItem", "dynamodb:GetItem")
WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem")
CONSUMER_TIMEOUT = Duration.seconds(20)


class InventoryStack(ServiceStack):
    """Owns how many units there are. Others find the commands under ``/ecom67/<stage>/inventory/…``."""

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "inventory", reads_from)
        self._stock = ServiceTable(self, "Stock", partition_key="productId", streams=True).with_outbox_relay()
        self._reservations = ServiceTable(
            self, "Reservations", partition_key="reservationId", expires=True, streams=True
        )
        self._reservations.add_global_secondary_index(
            index_name="state-holdExpiresAt-index",
            partition_key=dynamodb.Attribute(name="state", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="holdExpiresAt", type=dynamodb.AttributeType.NUMBER),
        )
        self._reservations.with_outbox_relay()
        self._command("reserve")
        self._command("release")
        self._api()
        self._events()
        self._sweeper()

    def _function(self, name: str, handler: str, timeout: Duration) -> lambda_.Function:
        function = ServiceFunction(
            self,
            name,
            handler=f"services.inventory.{handler}",
            environment={
                "STOCK_TABLE": self._stock.table_name,
                "RESERVATIONS_TABLE": self._reservations.table_name,
            },
            timeout=timeout,
        )
        self._stock.grant(function, *READS, *WRITES)
        self._reservations.grant(function, *READS, *WRITES)
        return function

    def _command(self, name: str) -> None:
        function = self._function(name, f"commands:{name}", Duration.seconds(12))
        self.publish(f"{name}-arn", function.function_arn)

    def _api(self) -> None:
        function = self._function("api", "api:api", Duration.seconds(10))
        Routes(self, function).add("GET /stock/{productId}", access=Access.ANYONE).add(
            "PUT /stock/{productId}", access=Access.SIGNED_IN
        )

    def _events(self) -> None:
        function = self._function("events", "events:consumer", CONSUMER_TIMEOUT)
        EventSubscription(
            self,
            consumer=function,
            event_types=["ProductCreated", "OrderPlaced", "OrderCancelled"],
            timeout=CONSUMER_TIMEOUT,
        )

    def _sweeper(self) -> None:
        function = self._function("sweeper", "sweeper:handler", Duration.seconds(50))
        self._reservations.grant(function, "dynamodb:Query")
        events.Rule(
            self,
            "SweeperTimer",
            rule_name=f"{self.stage.prefix}-inventory-sweeper",
            description="Drops expired holds",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.LambdaFunction(function)],
        )

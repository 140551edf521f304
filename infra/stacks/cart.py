"""Cart: the Cart table, its projection of products, the routes, checkout's command, the events, the timer."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, Routes
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

READS_FROM_BUS = [
    "ProductCreated",
    "ProductUpdated",
    "ProductDeleted",
    "StockChanged",
    "OrderPlaced",
    "UserDeleted",
]
CHANGES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")


class CartStack(ServiceStack):
    """Owns what shoppers mean to buy. Checkout finds its command under ``/ecom67/<stage>/cart/validate-arn``."""

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "cart", reads_from)
        self._carts = ServiceTable(
            self, "Cart", partition_key="userId", sort_key="productId", expires=True, streams=True
        )
        self._carts.add_global_secondary_index(
            index_name="activity-index",
            partition_key=dynamodb.Attribute(name="activity", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="touchedAt", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self._carts.with_outbox_relay()
        self._products = ServiceTable(self, "CartProducts", partition_key="productId")
        self._api()
        self._commands()
        self._export()
        self._events()
        self._abandonment()

    def _function(self, name: str, handler: str, timeout: Duration) -> lambda_.Function:
        function = ServiceFunction(
            self,
            name,
            handler=handler,
            environment={
                "CART_TABLE": self._carts.table_name,
                "CART_PRODUCTS_TABLE": self._products.table_name,
            },
            timeout=timeout,
        )
        self._carts.grant(function, "dynamodb:Query")
        self._products.grant(function, "dynamodb:BatchGetItem")
        return function

    def _api(self) -> None:
        function = self._function("api", "services.cart.api:api", Duration.seconds(10))
        self._carts.grant(function, *CHANGES)
        Routes(self, function).add(
            "GET /cart",
            "POST /cart",
            "DELETE /cart",
            "PUT /cart/{productId}",
            "DELETE /cart/{productId}",
            "POST /cart/merge",
            access=Access.SIGNED_IN,
        )

    def _commands(self) -> None:
        validate = self._function("validate", "services.cart.commands:validate", Duration.seconds(10))
        self.publish("validate-arn", validate.function_arn)
        change = self._function("change", "services.cart.commands:change", Duration.seconds(10))
        self._carts.grant(change, *CHANGES)
        self.publish("change-arn", change.function_arn)

    def _export(self) -> None:
        function = self._function("export", "services.cart.export:export", Duration.seconds(10))
        self.publish("export-arn", function.function_arn)

    def _events(self) -> None:
        timeout = Duration.seconds(20)
        function = self._function("events", "services.cart.events:consumer", timeout)
        self._carts.grant(function, *CHANGES, "dynamodb:BatchWriteItem")
        self._products.grant(function, "dynamodb:UpdateItem")
        EventSubscription(self, consumer=function, event_types=READS_FROM_BUS, timeout=timeout)

    def _abandonment(self) -> None:
        function = self._function("abandonment", "services.cart.abandonment:handler", Duration.minutes(2))
        self._carts.grant(function, "dynamodb:UpdateItem")
        events.Rule(
            self,
            "AbandonmentTimer",
            rule_name=f"{self.stage.prefix}-cart-abandonment",
            description="Tells of carts that were left alone",
            schedule=events.Schedule.rate(Duration.hours(1)),
            targets=[targets.LambdaFunction(function)],
        )

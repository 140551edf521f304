"""The cart stack: the Cart table, the projection of products, routes, commands, event consumer, and timer."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription, add_catalog_subscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.schedule import Schedule
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

SUBSCRIBED_EVENTS = ["OrderPlaced", "UserDeleted"]
PROJECTED_EVENTS = ["ProductCreated", "ProductUpdated", "ProductDeleted", "StockChanged"]
ACTIVITY_INDEX = "activity-index"
DELIVERY_SETTINGS = "content/delivery.toml"
"""Of which every price of a cart is made."""
TAX_SETTINGS = "content/tax.toml"
"""Of which the tax is made, once the place is known."""
WRITE_ACTIONS = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")


class CartStack(ServiceStack):
    """Owns the shoppers' carts.

    Publishes ``validate-arn``, the command of checkout; ``change-arn``, the command of the chat; and ``export-arn``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "cart", depends_on)
        self._carts = ServiceTable(
            self, "Cart", partition_key="userId", sort_key="productId", expires=True, streams=True
        )
        self._carts.add_global_secondary_index(
            index_name=ACTIVITY_INDEX,
            partition_key=dynamodb.Attribute(name="activity", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="touchedAt", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self._carts.add_outbox_relay()
        self._products = ServiceTable(self, "CartProducts", partition_key="productId")
        self._add_api()
        self._add_commands()
        self._add_export()
        self._add_event_consumer()
        self._add_abandonment_timer()

    def _environment(self) -> dict[str, str]:
        return {"CART_TABLE": self._carts.table_name, "CART_PRODUCTS_TABLE": self._products.table_name}

    def _create_function(
        self, name: str, handler: str, timeout: Duration, *, dependencies: str = "runtime", data: tuple[str, ...] = ()
    ) -> ServiceFunction:
        function = ServiceFunction(
            self,
            name,
            handler=handler,
            environment=self._environment(),
            timeout=timeout,
            dependencies=dependencies,
            data=data,
        )
        self._carts.grant(function, "dynamodb:Query")
        return function

    def _create_pricing_function(
        self,
        name: str,
        handler: str,
        timeout: Duration,
        *,
        dependencies: str = "runtime",
        data: tuple[str, ...] = (DELIVERY_SETTINGS,),
    ) -> ServiceFunction:
        function = self._create_function(name, handler, timeout, dependencies=dependencies, data=data)
        self._products.grant(function, "dynamodb:BatchGetItem")
        return function

    def _add_api(self) -> None:
        function = self._create_pricing_function("api", "services.cart.api:api", Duration.seconds(10))
        self._carts.grant(function, *WRITE_ACTIONS)
        routes = HttpRoutes(self, function)
        routes.add(
            "GET /cart",
            "POST /cart",
            "DELETE /cart",
            "PUT /cart/{productId}",
            "DELETE /cart/{productId}",
            "POST /cart/merge",
            access=Access.AUTHENTICATED,
        )
        self._add_delivery_api(routes)

    def _add_delivery_api(self, routes: HttpRoutes) -> None:
        function = self._create_quoting_function("delivery", "services.cart.delivery_api:api")
        routes.add("POST /delivery/quotes", "GET /address-formats/{country}", access=Access.PUBLIC, function=function)

    def _create_quoting_function(self, name: str, handler: str) -> ServiceFunction:
        # Everyone may ask it, so it has no right to any cart.
        function = ServiceFunction(
            self,
            name,
            handler=handler,
            environment=self._environment(),
            dependencies="delivery",
            data=(DELIVERY_SETTINGS, TAX_SETTINGS),
        )
        self._products.grant(function, "dynamodb:BatchGetItem")
        return function

    def _add_commands(self) -> None:
        quote = self._create_quoting_function("quote-delivery", "services.cart.delivery_quotes:quote_delivery_command")
        self.publish_parameter("quote-delivery-arn", quote.function_arn)
        validate = self._create_pricing_function(
            "validate",
            "services.cart.commands:validate",
            Duration.seconds(10),
            dependencies="delivery",
            data=(DELIVERY_SETTINGS, TAX_SETTINGS),
        )
        self.publish_parameter("validate-arn", validate.function_arn)
        change = self._create_pricing_function("change", "services.cart.commands:change", Duration.seconds(10))
        self._carts.grant(change, *WRITE_ACTIONS)
        self.publish_parameter("change-arn", change.function_arn)

    def _add_export(self) -> None:
        function = self._create_pricing_function("export", "services.cart.export:export", Duration.seconds(10))
        self.publish_parameter("export-arn", function.function_arn)

    def _add_event_consumer(self) -> None:
        # Time for a hundred events, one write each.
        timeout = Duration.seconds(60)
        function = self._create_function("events", "services.cart.events:consumer", timeout)
        self._carts.grant(function, *WRITE_ACTIONS, "dynamodb:BatchWriteItem")
        self._products.grant(function, "dynamodb:UpdateItem")
        purchases = EventSubscription(self, consumer=function, event_types=SUBSCRIBED_EVENTS, timeout=timeout)
        add_catalog_subscription(self, purchases, consumer=function, event_types=PROJECTED_EVENTS, timeout=timeout)

    def _add_abandonment_timer(self) -> None:
        function = self._create_pricing_function(
            "abandonment", "services.cart.abandonment:handler", Duration.minutes(2)
        )
        self._carts.grant_query(function, ACTIVITY_INDEX)
        self._carts.grant(function, "dynamodb:UpdateItem")
        Schedule(self, function, every=Duration.hours(1), description="Tells of carts that were left alone")

"""The orders stack: the Orders table, the order queue and its consumer, routes, commands, and event consumer."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.erased_users import grant_erased_users
from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.queues import consume_queue, create_queue_with_dlq
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

USER_INDEX = "userId-timestamp-index"
STATUS_INDEX = "status-timestamp-index"


class OrdersStack(ServiceStack):
    """Owns orders.

    Publishes ``order-queue-url`` and ``order-queue-arn``, where checkout sends orders; ``show-arn``, the command of the
    chat; ``delivery-address-arn``, that of notifications, which signs links; ``export-arn`` and ``unsent-orders-arn``,
    those of identity; ``returnable-order-arn`` and ``withdraw-arn``, those of returns; ``index-orders-arn``, that of
    ``ecom67 orders index``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "orders", depends_on)
        # Orders do not expire; refunds without an order do.
        self._orders = ServiceTable(
            self, "Orders", partition_key="orderId", sort_key="userId", expires=True, streams=True
        )
        self._orders.add_global_secondary_index(
            index_name=USER_INDEX,
            partition_key=dynamodb.Attribute(name="userId", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="timestamp", type=dynamodb.AttributeType.NUMBER),
        )
        # By status and time, for staff. Keys only: the orders of a page are read as they are.
        self._orders.add_global_secondary_index(
            index_name=STATUS_INDEX,
            partition_key=dynamodb.Attribute(name="status", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="timestamp", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self._search = ServiceTable(self, "OrderSearch", partition_key="bucket", sort_key="entry")
        self._orders.add_outbox_relay()
        self._link_secret_name = f"ecom67/{stage.name}/order-links"
        self._link_secret = self._create_link_secret()
        self._add_queue_consumer()
        self._add_show_command()
        self._add_delivery_address_command()
        self._add_api()
        self._add_link_api()
        self._add_event_consumer(self._add_erasure())
        self._add_export()
        self._add_unsent_orders_command()
        self._add_withdrawal_commands()
        self._add_indexing()

    def _environment(self) -> dict[str, str]:
        return {"ORDERS_TABLE": self._orders.table_name}

    def _search_environment(self) -> dict[str, str]:
        return {**self._environment(), "ORDER_SEARCH_TABLE": self._search.table_name}

    def _add_queue_consumer(self) -> None:
        timeout = Duration.seconds(15)
        queue, _ = create_queue_with_dlq(self, "order-queue", consumer_timeout=timeout)
        self.publish_parameter("order-queue-url", queue.queue_url)
        self.publish_parameter("order-queue-arn", queue.queue_arn)
        function = ServiceFunction(
            self,
            "place",
            handler="services.orders.commands:place",
            environment=self._search_environment(),
            timeout=timeout,
            memory=256,
        )
        self._orders.grant(function, "dynamodb:PutItem")
        self._search.grant(function, "dynamodb:PutItem")
        grant_erased_users(self, function, "dynamodb:ConditionCheckItem")
        consume_queue(queue, function, self)

    def _add_show_command(self) -> None:
        function = ServiceFunction(
            self, "show", handler="services.orders.commands:show", environment=self._environment(), memory=256
        )
        self._orders.grant_query(function, USER_INDEX)
        self._orders.grant(function, "dynamodb:GetItem")
        self.publish_parameter("show-arn", function.function_arn)

    def _add_delivery_address_command(self) -> None:
        function = ServiceFunction(
            self,
            "delivery-address",
            handler="services.orders.commands:delivery_address",
            environment=self._environment(),
            memory=256,
        )
        self._orders.grant(function, "dynamodb:GetItem")
        self._allow_links(function)
        self.publish_parameter("delivery-address-arn", function.function_arn)

    def _add_api(self) -> None:
        function = ServiceFunction(
            self,
            "api",
            handler="services.orders.api:api",
            environment=self._environment(),
            timeout=Duration.seconds(29),
        )
        self._orders.grant_query(function, USER_INDEX)
        self._orders.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query")
        self._routes = HttpRoutes(self, function)
        self._routes.add(
            "GET /orders",
            "GET /orders/{orderId}",
            "POST /orders/{orderId}/cancel",
            "POST /orders/{orderId}/ship",
            "POST /orders/{orderId}/deliver",
            "POST /orders/{orderId}/refund",
            access=Access.AUTHENTICATED,
        )
        self._routes.add(
            "GET /staff/orders",
            "GET /staff/orders/{orderId}",
            access=Access.AUTHENTICATED,
            function=self._create_staff_api(),
        )

    def _create_staff_api(self) -> ServiceFunction:
        function = ServiceFunction(
            self,
            "staff-api",
            handler="services.orders.staff_api:api",
            environment=self._search_environment(),
            timeout=Duration.seconds(29),
        )
        self._orders.grant_query(function, STATUS_INDEX)
        self._orders.grant(function, "dynamodb:BatchGetItem", "dynamodb:Query")
        self._search.grant(function, "dynamodb:Query")
        return function

    def _create_link_secret(self) -> secretsmanager.Secret:
        # Whoever replaces it makes all links invalid that were sent.
        return secretsmanager.Secret(
            self,
            "LinkSecret",
            secret_name=self._link_secret_name,
            description="The key that signs the links of e-mails to an order.",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=self.stage.removal_policy,
        )

    def _allow_links(self, function: ServiceFunction) -> None:
        """Let a function sign and verify links to orders."""
        function.add_environment("ORDER_LINK_SECRET", self._link_secret_name)
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self._link_secret.secret_arn])
        )

    def _add_link_api(self) -> None:
        function = ServiceFunction(
            self,
            "links",
            handler="services.orders.link_api:api",
            environment=self._environment(),
            timeout=Duration.seconds(29),
        )
        self._orders.grant(function, "dynamodb:UpdateItem", "dynamodb:Query")
        self._allow_links(function)
        self._routes.add(
            "GET /order-links/{token}",
            "POST /order-links/{token}/cancel",
            access=Access.PUBLIC,
            function=function,
        )
        self._routes.add("DELETE /orders/{orderId}/links", access=Access.AUTHENTICATED, function=function)

    def _add_erasure(self) -> sqs.Queue:
        timeout = Duration.seconds(60)
        queue, _ = create_queue_with_dlq(self, "erasure", consumer_timeout=timeout)
        function = ServiceFunction(
            self,
            "erase",
            handler="services.orders.erasure:erase_page",
            environment={**self._search_environment(), "ERASURE_QUEUE_URL": queue.queue_url},
            timeout=timeout,
            # It sends the next page to its own queue. Lambda takes that for a loop, and would end it after 16 pages.
            recursive_loop=lambda_.RecursiveLoop.ALLOW,
        )
        self._orders.grant_query(function, USER_INDEX)
        self._orders.grant(function, "dynamodb:UpdateItem", "dynamodb:Query")
        self._search.grant(function, "dynamodb:DeleteItem")
        queue.grant_send_messages(function)
        # A page at a time: a page is as much as the timeout fits.
        consume_queue(queue, function, self, batch_size=1)
        return queue

    def _add_unsent_orders_command(self) -> None:
        function = ServiceFunction(
            self,
            "unsent-orders",
            handler="services.orders.unsent_orders:unsent_orders",
            environment=self._environment(),
            timeout=Duration.seconds(20),
        )
        self._orders.grant_query(function, USER_INDEX)
        self.publish_parameter("unsent-orders-arn", function.function_arn)

    def _add_event_consumer(self, erasure_queue: sqs.Queue) -> None:
        function = ServiceFunction(
            self,
            "events",
            handler="services.orders.events:consumer",
            environment={**self._environment(), "ERASURE_QUEUE_URL": erasure_queue.queue_url},
        )
        erasure_queue.grant_send_messages(function)
        self._orders.grant(function, "dynamodb:UpdateItem", "dynamodb:Query")
        EventSubscription(
            self,
            consumer=function,
            event_types=[
                *("PaymentRefunded", "PaymentRefundedV2", "RefundPending", "RefundFailed"),
                *("StockShort", "UserDeleted", "ReturnReceived"),
            ],
        )

    def _add_export(self) -> None:
        function = ServiceFunction(
            self, "export", handler="services.orders.export:export", environment=self._environment()
        )
        self._orders.grant_query(function, USER_INDEX)
        self.publish_parameter("export-arn", function.function_arn)

    def _add_withdrawal_commands(self) -> None:
        shown = ServiceFunction(
            self,
            "returnable-order",
            handler="services.orders.withdrawals:returnable_order",
            environment=self._environment(),
        )
        self._orders.grant(shown, "dynamodb:GetItem", "dynamodb:Query")
        self._orders.grant_query(shown, USER_INDEX)
        self._allow_links(shown)
        self.publish_parameter("returnable-order-arn", shown.function_arn)
        withdrawn = ServiceFunction(
            self, "withdraw", handler="services.orders.withdrawals:withdraw", environment=self._environment()
        )
        self._orders.grant(withdrawn, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query")
        self.publish_parameter("withdraw-arn", withdrawn.function_arn)

    def _add_indexing(self) -> None:
        function = ServiceFunction(
            self,
            "index-orders",
            handler="services.orders.indexing:index_orders",
            environment=self._search_environment(),
            timeout=Duration.seconds(60),
        )
        self._orders.grant_query(function, STATUS_INDEX)
        self._orders.grant(function, "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:ConditionCheckItem")
        self._search.grant(function, "dynamodb:BatchGetItem", "dynamodb:PutItem")
        self.publish_parameter("index-orders-arn", function.function_arn)

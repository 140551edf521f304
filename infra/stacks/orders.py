"""Orders: the Orders table, the order queue and its consumer, the routes, and the events that move orders."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, Routes
from infra.constructs.queues import queue_with_dead_letters
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage


class OrdersStack(ServiceStack):
    """Owns orders. Checkout finds its queue under ``/ecom67/<stage>/orders/…``."""

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "orders", reads_from)
        # What expires are refunds whose orders have not come, and the tombstones of erased shoppers.
        self._orders = ServiceTable(
            self, "Orders", partition_key="orderId", sort_key="userId", expires=True, streams=True
        )
        self._orders.add_global_secondary_index(
            index_name="userId-timestamp-index",
            partition_key=dynamodb.Attribute(name="userId", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="timestamp", type=dynamodb.AttributeType.NUMBER),
        )
        self._orders.with_outbox_relay()
        self._queue_consumer()
        self._show()
        self._api()
        self._events()
        self._export()

    def _environment(self) -> dict[str, str]:
        return {"ORDERS_TABLE": self._orders.table_name}

    def _queue_consumer(self) -> None:
        timeout = Duration.seconds(15)
        queue, _ = queue_with_dead_letters(self, "order-queue", handler_timeout=timeout)
        self.publish("order-queue-url", queue.queue_url)
        self.publish("order-queue-arn", queue.queue_arn)
        function = ServiceFunction(
            self,
            "place",
            handler="services.orders.commands:place",
            environment=self._environment(),
            timeout=timeout,
            memory=256,
        )
        self._orders.grant(function, "dynamodb:PutItem", "dynamodb:ConditionCheckItem")
        function.add_event_source(sources.SqsEventSource(queue, batch_size=10, report_batch_item_failures=True))

    def _show(self) -> None:
        function = ServiceFunction(
            self, "show", handler="services.orders.commands:show", environment=self._environment(), memory=256
        )
        self._orders.grant(function, "dynamodb:GetItem", "dynamodb:Query")
        self.publish("show-arn", function.function_arn)

    def _api(self) -> None:
        refund_arn = self.read("payment", "refund-arn")
        function = ServiceFunction(
            self,
            "api",
            handler="services.orders.api:api",
            environment={**self._environment(), "REFUND_ARN": refund_arn},
            timeout=Duration.seconds(29),
        )
        self._orders.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query")
        function.add_to_role_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[refund_arn]))
        Routes(self, function).add(
            "GET /orders",
            "GET /orders/{orderId}",
            "POST /orders/{orderId}/cancel",
            "POST /orders/{orderId}/ship",
            "POST /orders/{orderId}/deliver",
            "POST /orders/{orderId}/refund",
            access=Access.SIGNED_IN,
        )

    def _events(self) -> None:
        function = ServiceFunction(
            self, "events", handler="services.orders.events:consumer", environment=self._environment()
        )
        self._orders.grant(function, "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query")
        EventSubscription(self, consumer=function, event_types=["PaymentRefunded", "StockShort", "UserDeleted"])

    def _export(self) -> None:
        function = ServiceFunction(
            self, "export", handler="services.orders.export:export", environment=self._environment()
        )
        self._orders.grant(function, "dynamodb:Query")
        self.publish("export-arn", function.function_arn)

"""The returns stack: the Returns and Withdrawals tables, routes, the queue of withdrawals, event consumer, export."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.alarms import add_alarm, service_metric
from infra.constructs.document_data import DOCUMENT_DATA
from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.queues import consume_queue, create_queue_with_dlq
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

STATUS_INDEX = "status-requestedAt-index"
UNMATCHED_INDEX = "unmatched-confirmedAt-index"
API_TIMEOUT = Duration.seconds(29)


class ReturnsStack(ServiceStack):
    """Owns withdrawals and returns.

    Publishes ``export-arn``, the command of identity.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "returns", depends_on)
        self._returns = ServiceTable(self, "Returns", partition_key="returnId", streams=True)
        self._returns.add_global_secondary_index(
            index_name=STATUS_INDEX,
            partition_key=dynamodb.Attribute(name="status", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="requestedAt", type=dynamodb.AttributeType.STRING),
        )
        self._returns.add_user_index()
        self._returns.add_outbox_relay()
        # A withdrawal expires unless it was settled.
        self._withdrawals = ServiceTable(self, "Withdrawals", partition_key="withdrawalId", expires=True, streams=True)
        self._withdrawals.add_user_index()
        # Sparse: those that name no order, until staff has answered.
        self._withdrawals.add_global_secondary_index(
            index_name=UNMATCHED_INDEX,
            partition_key=dynamodb.Attribute(name="unmatched", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="confirmedAt", type=dynamodb.AttributeType.STRING),
        )
        self._withdrawals.add_outbox_relay()
        self._returnable_order_arn = self.read_parameter("orders", "returnable-order-arn")
        queue = self._add_settlement()
        self._add_api(queue)
        self._add_staff_api()
        self._add_slips()
        self._add_event_consumer()
        self._add_export()

    def _function(
        self,
        name: str,
        handler: str,
        *,
        environment: dict[str, str] | None = None,
        timeout: Duration | None = None,
        data: tuple[str, ...] = (),
    ) -> ServiceFunction:
        tables = {"RETURNS_TABLE": self._returns.table_name, "WITHDRAWALS_TABLE": self._withdrawals.table_name}
        return ServiceFunction(
            self,
            name,
            handler=handler,
            environment={**tables, **(environment or {})},
            timeout=timeout,
            # The shop's time zone, and for the slip what makes a PDF.
            dependencies="documents",
            data=data,
        )

    def _allow_orders(self, function: ServiceFunction) -> None:
        """Let a function ask orders which order it is about."""
        function.add_environment("RETURNABLE_ORDER_ARN", self._returnable_order_arn)
        function.allow_invoking([self._returnable_order_arn])

    def _add_settlement(self) -> sqs.Queue:
        timeout = Duration.seconds(30)
        queue, _ = create_queue_with_dlq(self, "withdrawals", consumer_timeout=timeout)
        withdraw_arn = self.read_parameter("orders", "withdraw-arn")
        function = self._function(
            "settle",
            "services.returns.settlement:handler",
            environment={
                "WITHDRAW_ARN": withdraw_arn,
                "USER_POOL_ID": self.read_parameter("identity", "user-pool-id"),
            },
            timeout=timeout,
        )
        self._allow_orders(function)
        function.allow_invoking([withdraw_arn])
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["cognito-idp:AdminGetUser"], resources=[self.read_parameter("identity", "user-pool-arn")]
            )
        )
        self._withdrawals.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        self._returns.grant(function, "dynamodb:BatchGetItem", "dynamodb:PutItem")
        consume_queue(queue, function, self)
        add_alarm(
            self,
            "WithdrawalsUnmatchedAlarm",
            description="Somebody has withdrawn from a contract, and there is no such order: they wait for an answer.",
            runbook="withdrawals-unmatched",
            metric=service_metric("WithdrawalsUnmatched", Duration.hours(1)),
        )
        return queue

    def _add_api(self, queue: sqs.Queue) -> None:
        function = self._function(
            "api",
            "services.returns.api:api",
            environment={"WITHDRAWAL_QUEUE_URL": queue.queue_url},
            timeout=API_TIMEOUT,
        )
        self._allow_orders(function)
        queue.grant_send_messages(function)
        self._withdrawals.grant(function, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        self._returns.grant(function, "dynamodb:BatchGetItem")
        self._routes = HttpRoutes(self, function)
        self._routes.add(
            "POST /withdrawals",
            "POST /withdrawals/{withdrawalId}/confirm",
            "GET /order-links/{token}/returns",
            access=Access.PUBLIC,
        )
        self._routes.add("GET /orders/{orderId}/returns", access=Access.AUTHENTICATED)

    def _add_staff_api(self) -> None:
        function = self._function("staff-api", "services.returns.staff_api:api", timeout=API_TIMEOUT)
        self._returns.grant(
            function, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"
        )
        self._returns.grant_query(function, STATUS_INDEX)
        self._withdrawals.grant(function, "dynamodb:UpdateItem")
        self._withdrawals.grant_query(function, UNMATCHED_INDEX)
        self._routes.add(
            "GET /staff/withdrawals",
            "POST /staff/withdrawals/{withdrawalId}/close",
            "GET /staff/returns",
            "GET /staff/returns/{returnId}",
            "POST /staff/returns/{returnId}/receive",
            "POST /staff/returns/{returnId}/close",
            access=Access.AUTHENTICATED,
            function=function,
        )

    def _add_slips(self) -> None:
        function = self._function("slips", "services.returns.slip_api:api", timeout=API_TIMEOUT, data=DOCUMENT_DATA)
        self._allow_orders(function)
        self._returns.grant(function, "dynamodb:GetItem")
        self._routes.add("GET /order-links/{token}/returns/{returnId}/slip", access=Access.PUBLIC, function=function)
        self._routes.add(
            "GET /orders/{orderId}/returns/{returnId}/slip", access=Access.AUTHENTICATED, function=function
        )

    def _add_event_consumer(self) -> None:
        function = self._function("events", "services.returns.events:consumer")
        self._returns.grant(
            function, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"
        )
        self._withdrawals.grant_items_of_user(function)
        self._withdrawals.grant(function, "dynamodb:UpdateItem")
        EventSubscription(self, consumer=function, event_types=["PaymentRefundedV2", "RefundFailed", "UserDeleted"])

    def _add_export(self) -> None:
        function = self._function("export", "services.returns.export:export")
        self._returns.grant_items_of_user(function)
        self._withdrawals.grant_items_of_user(function)
        self.publish_parameter("export-arn", function.function_arn)

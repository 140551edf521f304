"""The chat stack: the WebSocket API, the conversations, the message handlers, and the event consumer."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.constructs.erased_users import grant_erased_users
from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import USER_INDEX, ServiceTable
from infra.constructs.websocket_api import API_STAGE_NAME, ServiceWebSocketApi
from infra.stacks.chat_knowledge_base import KnowledgeBase
from infra.stacks.chat_model import ChatModel
from infra.stage import Stage

SUBSCRIBED_EVENTS = [
    "OrderPlaced",
    "OrderShipped",
    "ParcelDelivered",
    "OrderDelivered",
    "OrderCancelled",
    "OrderRefunded",
    "PaymentRefundedV2",
    "UserDeleted",
]
COMMAND_OWNERS = {
    "find": "search",
    "get": "catalog",
    "available": "inventory",
    "show": "orders",
    "change": "cart",
    "quote-delivery": "cart",
}
"""Services that publish the commands that the chat invokes."""
ANSWER_TIMEOUT = Duration.seconds(75)


class ChatStack(ServiceStack):
    """Owns the conversations with the assistant.

    Publishes ``help-bucket``, ``knowledge-base-id`` and ``help-source-id``, where ``ecom67 help publish`` puts the help
    documents; ``websocket-api-id`` and ``websocket-stage``; and ``export-arn``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "chat", depends_on)
        self._connections = ServiceTable(self, "Connections", partition_key="connectionId", expires=True)
        self._connections.add_user_index()
        self._history = ServiceTable(
            self,
            "ChatHistory",
            partition_key="userId",
            sort_key="timestamp",
            sort_key_type=dynamodb.AttributeType.NUMBER,
            expires=True,
        )
        self._proposals = ServiceTable(self, "Proposals", partition_key="proposalId", expires=True)
        self._proposals.add_user_index()
        self._allowances = ServiceTable(self, "Allowances", partition_key="allowanceId", expires=True)
        self._tickets = ServiceTable(self, "Tickets", partition_key="ticketId", expires=True)
        self._knowledge_base = KnowledgeBase(self)
        self._model = ChatModel(self)
        connections = self._create_connections_handler()
        messages = self._create_message_handler()
        events = self._create_event_consumer()
        answer = self._create_answer_function()
        messages.allow_invoking([answer.function_arn])
        messages.add_environment("ANSWER_ARN", answer.function_arn)
        websocket = ServiceWebSocketApi(
            self,
            authorizer=self._create_authorizer(),
            connections=connections,
            actions=[
                ("ping", connections),
                *((action, messages) for action in ("sendMessage", "confirm", "stop", "history")),
            ],
        )
        websocket.grant_manage_connections(connections, messages, answer, events)
        self._add_ticket_route()
        self._add_export()
        self.publish_parameter("websocket-api-id", websocket.api_id)
        self.publish_parameter("websocket-stage", API_STAGE_NAME)

    def _create_authorizer(self) -> ServiceFunction:
        function = ServiceFunction(
            self,
            "authorizer",
            handler="services.chat.authorizer:handler",
            environment={
                "USER_POOL_ID": self.read_parameter("identity", "user-pool-id"),
                "USER_POOL_CLIENT_ID": self.read_parameter("identity", "user-pool-client-id"),
                "TICKETS_TABLE": self._tickets.table_name,
            },
            dependencies="tokens",
        )
        self._tickets.grant(function, "dynamodb:DeleteItem")
        return function

    def _add_ticket_route(self) -> None:
        function = ServiceFunction(
            self,
            "api",
            handler="services.chat.api:api",
            environment={"TICKETS_TABLE": self._tickets.table_name},
            memory=256,
        )
        self._tickets.grant(function, "dynamodb:PutItem")
        HttpRoutes(self, function).add("POST /chat/tickets", access=Access.AUTHENTICATED)

    def _create_connections_handler(self) -> ServiceFunction:
        function = ServiceFunction(
            self,
            "connections",
            handler="services.chat.connections:handler",
            environment={"CONNECTIONS_TABLE": self._connections.table_name},
        )
        self._connections.grant(function, "dynamodb:PutItem", "dynamodb:DeleteItem")
        grant_erased_users(self, function, "dynamodb:ConditionCheckItem")
        return function

    def _create_message_handler(self) -> ServiceFunction:
        commands = self._command_arns("get", "available", "change")
        function = ServiceFunction(
            self,
            "messages",
            handler="services.chat.messages:handler",
            environment=self._environment(),
            timeout=Duration.seconds(20),
        )
        self._connections.grant(function, "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        self._history.grant(function, "dynamodb:Query")
        self._proposals.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        self._allowances.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        grant_erased_users(self, function, "dynamodb:GetItem")
        function.allow_invoking(commands)
        return function

    def _create_answer_function(self) -> ServiceFunction:
        commands = self._command_arns("find", "get", "available", "show", "quote-delivery")
        function = ServiceFunction(
            self,
            "answer",
            handler="services.chat.answering:answer",
            environment={**self._environment(), **self._model.environment, **self._knowledge_base.environment},
            timeout=ANSWER_TIMEOUT,
        )
        # No retries: the shopper is informed of a failure, and does not wait for an answer that comes later.
        function.configure_async_invoke(retry_attempts=0, max_event_age=Duration.minutes(1))
        self._connections.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        self._history.grant(function, "dynamodb:Query", "dynamodb:PutItem")
        self._proposals.grant(function, "dynamodb:PutItem")
        grant_erased_users(self, function, "dynamodb:ConditionCheckItem")
        self._allowances.grant(function, "dynamodb:UpdateItem")
        function.allow_invoking(commands)
        self._model.grant_invoke(function)
        self._knowledge_base.grant_retrieve(function)
        return function

    def _create_event_consumer(self) -> ServiceFunction:
        timeout = Duration.seconds(20)
        function = ServiceFunction(
            self,
            "events",
            handler="services.chat.events:consumer",
            environment={
                "CONNECTIONS_TABLE": self._connections.table_name,
                "CHAT_HISTORY_TABLE": self._history.table_name,
                "PROPOSALS_TABLE": self._proposals.table_name,
            },
            timeout=timeout,
        )
        self._proposals.grant_items_of_user(function)
        self._proposals.grant(function, "dynamodb:BatchWriteItem")
        self._connections.grant_query(function, USER_INDEX)
        self._connections.grant(function, "dynamodb:DeleteItem")
        self._history.grant(function, "dynamodb:PutItem", "dynamodb:Query", "dynamodb:BatchWriteItem")
        grant_erased_users(self, function, "dynamodb:ConditionCheckItem")
        EventSubscription(self, consumer=function, event_types=SUBSCRIBED_EVENTS, timeout=timeout)
        return function

    def _add_export(self) -> None:
        function = ServiceFunction(
            self,
            "export",
            handler="services.chat.commands:export",
            environment=self._environment(),
        )
        self._history.grant(function, "dynamodb:Query")
        for table in (self._connections, self._proposals):
            table.grant_items_of_user(function)
        self._allowances.grant(function, "dynamodb:GetItem")
        self.publish_parameter("export-arn", function.function_arn)

    def _environment(self) -> dict[str, str]:
        return {
            "CONNECTIONS_TABLE": self._connections.table_name,
            "CHAT_HISTORY_TABLE": self._history.table_name,
            "PROPOSALS_TABLE": self._proposals.table_name,
            "ALLOWANCES_TABLE": self._allowances.table_name,
            "QUESTIONS_A_MINUTE": str(self.stage.questions_per_minute),
            "TOKENS_A_DAY": str(self.stage.tokens_per_day),
            "FIND_PRODUCTS_ARN": self.read_parameter("search", "find-arn"),
            "GET_PRODUCTS_ARN": self.read_parameter("catalog", "get-arn"),
            "AVAILABLE_ARN": self.read_parameter("inventory", "available-arn"),
            "SHOW_ORDERS_ARN": self.read_parameter("orders", "show-arn"),
            "CHANGE_CART_ARN": self.read_parameter("cart", "change-arn"),
            "QUOTE_DELIVERY_ARN": self.read_parameter("cart", "quote-delivery-arn"),
        }

    def _command_arns(self, *names: str) -> list[str]:
        return [self.read_parameter(COMMAND_OWNERS[name], f"{name}-arn") for name in names]

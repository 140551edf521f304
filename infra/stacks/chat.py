"""Chat: the WebSocket API, the conversations, the functions that take and answer questions, and the events."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.constructs.websocket_api import STAGE_NAME, WebSocket
from infra.stacks.chat_knowledge_base import Knowledge
from infra.stacks.chat_model import Model
from infra.stage import Stage

TOLD = [
    "OrderPlaced",
    "OrderShipped",
    "OrderDelivered",
    "OrderCancelled",
    "OrderRefunded",
    "PaymentRefunded",
    "UserDeleted",
]
ANSWER_TIMEOUT = Duration.seconds(75)


class ChatStack(ServiceStack):
    """Owns the conversations. The help documents go into the bucket at ``/ecom67/<stage>/chat/help-bucket``."""

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "chat", reads_from)
        self._connections = ServiceTable(self, "Connections", partition_key="connectionId", expires=True)
        self._connections.add_global_secondary_index(
            index_name="userId-index",
            partition_key=dynamodb.Attribute(name="userId", type=dynamodb.AttributeType.STRING),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self._history = ServiceTable(
            self,
            "ChatHistory",
            partition_key="userId",
            sort_key="timestamp",
            sort_key_type=dynamodb.AttributeType.NUMBER,
            expires=True,
        )
        self._proposals = ServiceTable(self, "Proposals", partition_key="proposalId", expires=True)
        self._allowances = ServiceTable(self, "Allowances", partition_key="allowanceId", expires=True)
        self._knowledge = Knowledge(self)
        self._model = Model(self)
        connections, messages, events = self._serve_connections(), self._take_messages(), self._tell_of_events()
        answer = self._answer()
        _let_invoke(messages, [answer.function_arn])
        messages.add_environment("ANSWER_ARN", answer.function_arn)
        websocket = WebSocket(
            self,
            authorizer=self._authorizer(),
            connections=connections,
            actions=[
                ("ping", connections),
                *((action, messages) for action in ("sendMessage", "confirm", "stop", "history")),
            ],
        )
        websocket.let_send(connections, messages, answer, events)
        self._export()
        self.publish("websocket-api-id", websocket.api_id)
        self.publish("websocket-stage", STAGE_NAME)

    def _authorizer(self) -> ServiceFunction:
        return ServiceFunction(
            self,
            "authorizer",
            handler="services.chat.authorizer:handler",
            environment={
                "USER_POOL_ID": self.read("identity", "user-pool-id"),
                "USER_POOL_CLIENT_ID": self.read("identity", "user-pool-client-id"),
            },
            dependencies="tokens",
        )

    def _serve_connections(self) -> ServiceFunction:
        function = ServiceFunction(
            self,
            "connections",
            handler="services.chat.connections:handler",
            environment={"CONNECTIONS_TABLE": self._connections.table_name},
        )
        self._connections.grant(function, "dynamodb:PutItem", "dynamodb:DeleteItem")
        return function

    def _take_messages(self) -> ServiceFunction:
        commands = self._commands("get", "available", "change")
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
        _let_invoke(function, commands)
        return function

    def _answer(self) -> ServiceFunction:
        commands = self._commands("find", "get", "available", "show")
        function = ServiceFunction(
            self,
            "answer",
            handler="services.chat.answering:answer",
            environment={**self._environment(), **self._model.environment, **self._knowledge.environment},
            timeout=ANSWER_TIMEOUT,
        )
        # A question that failed was told of; asked again an hour later nobody would wait for its answer.
        function.configure_async_invoke(retry_attempts=0, max_event_age=Duration.minutes(1))
        self._connections.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        self._history.grant(function, "dynamodb:Query", "dynamodb:PutItem")
        self._proposals.grant(function, "dynamodb:PutItem")
        self._allowances.grant(function, "dynamodb:UpdateItem")
        _let_invoke(function, commands)
        self._model.let_answer(function)
        self._knowledge.let_retrieve(function)
        return function

    def _tell_of_events(self) -> ServiceFunction:
        timeout = Duration.seconds(20)
        function = ServiceFunction(
            self,
            "events",
            handler="services.chat.events:consumer",
            environment={
                "CONNECTIONS_TABLE": self._connections.table_name,
                "CHAT_HISTORY_TABLE": self._history.table_name,
            },
            timeout=timeout,
        )
        self._connections.grant(function, "dynamodb:Query", "dynamodb:DeleteItem")
        self._history.grant(function, "dynamodb:PutItem", "dynamodb:Query", "dynamodb:BatchWriteItem")
        EventSubscription(self, consumer=function, event_types=TOLD, timeout=timeout)
        return function

    def _export(self) -> None:
        function = ServiceFunction(
            self,
            "export",
            handler="services.chat.commands:export",
            environment={"CHAT_HISTORY_TABLE": self._history.table_name},
        )
        self._history.grant(function, "dynamodb:Query")
        self.publish("export-arn", function.function_arn)

    def _environment(self) -> dict[str, str]:
        return {
            "CONNECTIONS_TABLE": self._connections.table_name,
            "CHAT_HISTORY_TABLE": self._history.table_name,
            "PROPOSALS_TABLE": self._proposals.table_name,
            "ALLOWANCES_TABLE": self._allowances.table_name,
            "QUESTIONS_A_MINUTE": str(self.stage.questions_a_minute),
            "TOKENS_A_DAY": str(self.stage.tokens_a_day),
            "FIND_PRODUCTS_ARN": self.read("search", "find-arn"),
            "GET_PRODUCTS_ARN": self.read("catalog", "get-arn"),
            "AVAILABLE_ARN": self.read("inventory", "available-arn"),
            "SHOW_ORDERS_ARN": self.read("orders", "show-arn"),
            "CHANGE_CART_ARN": self.read("cart", "change-arn"),
        }

    def _commands(self, *names: str) -> list[str]:
        owners = {"find": "search", "get": "catalog", "available": "inventory", "show": "orders", "change": "cart"}
        return [self.read(owners[name], f"{name}-arn") for name in names]


def _let_invoke(function: ServiceFunction, commands: list[str]) -> None:
    function.add_to_role_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=commands))

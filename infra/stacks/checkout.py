"""The checkout stack: the Checkouts table, the Express state machine and its commands, recovery and sweeper."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.schedule import Schedule
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stacks.checkout_workflow import WorkflowResources, state_machine_definition
from infra.stage import Stage

RECOVERY_DELAY = Duration.seconds(5)
"""Gives the state machine time to complete a checkout before the event consumer tries to."""

COMPENSATING_INDEX = "status-compensatingSince-index"
OPEN_INDEX = "open-leaseUntil-index"


class CheckoutStack(ServiceStack):
    """Owns a purchase from the request to the order queue.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "checkout", depends_on)
        self._checkouts = ServiceTable(self, "Checkouts", partition_key="orderId", expires=True, streams=True)
        # The index is sparse: only checkouts whose payment has to be refunded have compensatingSince.
        self._checkouts.add_global_secondary_index(
            index_name=COMPENSATING_INDEX,
            partition_key=dynamodb.Attribute(name="status", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="compensatingSince", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        # Sparse too: only checkouts that have not ended have the attribute open.
        self._checkouts.add_global_secondary_index(
            index_name=OPEN_INDEX,
            partition_key=dynamodb.Attribute(name="open", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="leaseUntil", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self._checkouts.add_user_index()
        self._checkouts.add_outbox_relay()
        finish = self._create_command("finish")
        compensate = self._create_command("compensate")
        machine = self._create_state_machine(finish, compensate, self._create_claim_cart_command())
        self._add_api(machine)
        self._add_event_consumer()
        self._add_sweeper()
        self._add_export()

    def _environment(self) -> dict[str, str]:
        return {"CHECKOUTS_TABLE": self._checkouts.table_name}

    def _create_command(self, name: str) -> ServiceFunction:
        function = ServiceFunction(
            self, name, handler=f"services.checkout.commands:{name}", environment=self._environment(), memory=256
        )
        self._checkouts.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        return function

    def _create_claim_cart_command(self) -> ServiceFunction:
        compensation_arns = self._compensation_arns()
        function = ServiceFunction(
            self,
            "claim-cart",
            handler="services.checkout.commands:claim_cart",
            environment={**self._environment(), **compensation_arns},
            timeout=Duration.seconds(25),
        )
        self._checkouts.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        function.allow_invoking(compensation_arns.values())
        return function

    def _compensation_arns(self) -> dict[str, str]:
        return {
            "RELEASE_ARN": self.read_parameter("inventory", "release-arn"),
            "REFUND_ARN": self.read_parameter("payment", "refund-arn"),
        }

    def _create_state_machine(
        self, finish: ServiceFunction, compensate: ServiceFunction, claim_cart: ServiceFunction
    ) -> sfn.StateMachine:
        commands = {
            "validate_arn": self.read_parameter("cart", "validate-arn"),
            "reserve_arn": self.read_parameter("inventory", "reserve-arn"),
            "release_arn": self.read_parameter("inventory", "release-arn"),
            "charge_arn": self.read_parameter("payment", "charge-arn"),
            "confirm_arn": self.read_parameter("payment", "confirm-arn"),
            "refund_arn": self.read_parameter("payment", "refund-arn"),
            "finish_arn": finish.function_arn,
            "compensate_arn": compensate.function_arn,
            "claim_cart_arn": claim_cart.function_arn,
        }
        resources = WorkflowResources(
            **commands,
            order_queue_url=self.read_parameter("orders", "order-queue-url"),
            checkouts_table=self._checkouts.table_name,
        )
        name = f"{self.stage.prefix}-checkout"
        machine = sfn.StateMachine(
            self,
            "StateMachine",
            state_machine_name=name,
            state_machine_type=sfn.StateMachineType.EXPRESS,
            definition_body=sfn.DefinitionBody.from_string(state_machine_definition(resources)),
            tracing_enabled=not self.stage.emulated,
            logs=sfn.LogOptions(
                level=sfn.LogLevel.ERROR,
                # Execution data contain the shopper's address.
                include_execution_data=False,
                destination=logs.LogGroup(
                    self,
                    "StateMachineLogs",
                    log_group_name=f"/aws/vendedlogs/states/{name}",
                    retention=self.stage.log_retention,
                    removal_policy=self.stage.removal_policy,
                ),
            ),
        )
        machine.add_to_role_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=list(commands.values()))
        )
        machine.add_to_role_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"], resources=[self.read_parameter("orders", "order-queue-arn")]
            )
        )
        self._checkouts.grant(machine, "dynamodb:UpdateItem")
        return machine

    def _add_api(self, machine: sfn.StateMachine) -> None:
        function = ServiceFunction(
            self,
            "api",
            handler="services.checkout.api:api",
            environment={**self._environment(), "STATE_MACHINE_ARN": machine.state_machine_arn},
            dependencies="delivery",
            timeout=Duration.seconds(29),
        )
        self._checkouts.grant(function, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        machine.grant_start_sync_execution(function)
        HttpRoutes(self, function).add("POST /orders", "POST /orders/{orderId}/confirm", access=Access.AUTHENTICATED)

    def _add_sweeper(self) -> None:
        compensation_arns = self._compensation_arns()
        function = ServiceFunction(
            self,
            "sweeper",
            handler="services.checkout.sweeper:handler",
            environment={**self._environment(), **compensation_arns},
            timeout=Duration.seconds(60),
        )
        self._checkouts.grant_query(function, COMPENSATING_INDEX, OPEN_INDEX)
        self._checkouts.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        function.allow_invoking(compensation_arns.values())
        self._allow_sending_orders(function)
        Schedule(
            self,
            function,
            every=Duration.minutes(5),
            description="Ends the checkouts that no request and no event will end any more",
        )

    def _allow_sending_orders(self, function: ServiceFunction) -> None:
        function.add_environment("ORDER_QUEUE_URL", self.read_parameter("orders", "order-queue-url"))
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"], resources=[self.read_parameter("orders", "order-queue-arn")]
            )
        )

    def _add_event_consumer(self) -> None:
        timeout = Duration.seconds(55)
        commands = {
            "CONFIRM_ARN": self.read_parameter("payment", "confirm-arn"),
            "RESERVE_ARN": self.read_parameter("inventory", "reserve-arn"),
            **self._compensation_arns(),
        }
        function = ServiceFunction(
            self,
            "events",
            handler="services.checkout.events:consumer",
            environment={**self._environment(), **commands},
            timeout=timeout,
        )
        self._checkouts.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        function.allow_invoking(commands.values())
        self._allow_sending_orders(function)
        EventSubscription(
            self,
            consumer=function,
            event_types=["PaymentSucceeded", "UserDeleted"],
            timeout=timeout,
            delivery_delay=RECOVERY_DELAY,
        )

    def _add_export(self) -> None:
        function = ServiceFunction(
            self,
            "export",
            handler="services.checkout.export:export",
            environment={"CHECKOUTS_TABLE": self._checkouts.table_name},
        )
        self._checkouts.grant_items_of_user(function)
        self._checkouts.grant(function, "dynamodb:GetItem")
        self.publish_parameter("export-arn", function.function_arn)

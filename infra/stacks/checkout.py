"""Checkout: the Checkouts table, the Express state machine, its own commands, and its recovery."""

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, Routes
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stacks.checkout_workflow import WorkflowTargets, definition
from infra.stage import Stage

RECOVERY_DELAY = Duration.seconds(5)
"""Time for the state machine to complete a checkout by itself before its recovery looks at it."""


class CheckoutStack(ServiceStack):
    """Owns the purchase up to the order queue."""

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "checkout", reads_from)
        self._checkouts = ServiceTable(self, "Checkouts", partition_key="orderId", expires=True, streams=True)
        # Only checkouts whose money is to go back have compensatingSince: the index is nearly always empty.
        self._checkouts.add_global_secondary_index(
            index_name="status-compensatingSince-index",
            partition_key=dynamodb.Attribute(name="status", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="compensatingSince", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self._checkouts.with_outbox_relay()
        finish = self._command("finish")
        compensate = self._command("compensate")
        machine = self._state_machine(finish, compensate, self._claim_cart())
        self._api(machine)
        self._recovery()
        self._sweeper()

    def _environment(self) -> dict[str, str]:
        return {"CHECKOUTS_TABLE": self._checkouts.table_name}

    def _command(self, name: str) -> lambda_.Function:
        function = ServiceFunction(
            self, name, handler=f"services.checkout.commands:{name}", environment=self._environment(), memory=256
        )
        self._checkouts.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        return function

    def _claim_cart(self) -> lambda_.Function:
        compensation = self._compensation()
        function = ServiceFunction(
            self,
            "claim-cart",
            handler="services.checkout.commands:claim_cart",
            environment={**self._environment(), **compensation},
            timeout=Duration.seconds(25),
        )
        self._checkouts.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        _allow_invoking(function, compensation.values())
        return function

    def _compensation(self) -> dict[str, str]:
        return {"RELEASE_ARN": self.read("inventory", "release-arn"), "REFUND_ARN": self.read("payment", "refund-arn")}

    def _state_machine(
        self, finish: lambda_.Function, compensate: lambda_.Function, claim_cart: lambda_.Function
    ) -> sfn.StateMachine:
        commands = {
            "validate_arn": self.read("cart", "validate-arn"),
            "reserve_arn": self.read("inventory", "reserve-arn"),
            "release_arn": self.read("inventory", "release-arn"),
            "charge_arn": self.read("payment", "charge-arn"),
            "confirm_arn": self.read("payment", "confirm-arn"),
            "refund_arn": self.read("payment", "refund-arn"),
            "finish_arn": finish.function_arn,
            "compensate_arn": compensate.function_arn,
            "claim_cart_arn": claim_cart.function_arn,
        }
        targets = WorkflowTargets(
            **commands,
            order_queue_url=self.read("orders", "order-queue-url"),
            checkouts_table=self._checkouts.table_name,
        )
        name = f"{self.stage.prefix}-checkout"
        machine = sfn.StateMachine(
            self,
            "StateMachine",
            state_machine_name=name,
            state_machine_type=sfn.StateMachineType.EXPRESS,
            definition_body=sfn.DefinitionBody.from_string(definition(targets)),
            timeout=Duration.minutes(5),
            tracing_enabled=not self.stage.emulated,
            logs=sfn.LogOptions(
                level=sfn.LogLevel.ERROR,
                # Inputs hold the shopper's address.
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
            iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.read("orders", "order-queue-arn")])
        )
        self._checkouts.grant(machine, "dynamodb:UpdateItem")
        return machine

    def _api(self, machine: sfn.StateMachine) -> None:
        function = ServiceFunction(
            self,
            "api",
            handler="services.checkout.api:api",
            environment={**self._environment(), "STATE_MACHINE_ARN": machine.state_machine_arn},
            timeout=Duration.seconds(29),
        )
        self._checkouts.grant(function, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        machine.grant_start_sync_execution(function)
        Routes(self, function).add("POST /orders", "POST /orders/{orderId}/confirm", access=Access.SIGNED_IN)

    def _sweeper(self) -> None:
        compensation = self._compensation()
        function = ServiceFunction(
            self,
            "sweeper",
            handler="services.checkout.sweeper:handler",
            environment={**self._environment(), **compensation},
            timeout=Duration.seconds(60),
        )
        self._checkouts.grant(function, "dynamodb:Query", "dynamodb:GetItem", "dynamodb:UpdateItem")
        _allow_invoking(function, compensation.values())
        events.Rule(
            self,
            "SweeperRule",
            rule_name=f"{self.stage.prefix}-checkout-sweeper",
            description="Gives back the money of checkouts that died while they were giving it back",
            schedule=events.Schedule.rate(Duration.minutes(5)),
            targets=[targets.LambdaFunction(function, retry_attempts=0)],
        )

    def _recovery(self) -> None:
        timeout = Duration.seconds(40)
        commands = {"RESERVE_ARN": self.read("inventory", "reserve-arn"), **self._compensation()}
        function = ServiceFunction(
            self,
            "events",
            handler="services.checkout.events:consumer",
            environment={
                **self._environment(),
                **commands,
                "ORDER_QUEUE_URL": self.read("orders", "order-queue-url"),
            },
            timeout=timeout,
        )
        self._checkouts.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        _allow_invoking(function, commands.values())
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.read("orders", "order-queue-arn")])
        )
        EventSubscription(
            self,
            consumer=function,
            event_types=["PaymentSucceeded", "UserDeleted"],
            timeout=timeout,
            delivery_delay=RECOVERY_DELAY,
        )


def _allow_invoking(function: lambda_.Function, arns: Iterable[str]) -> None:
    function.add_to_role_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=list(arns)))

"""The payment stack: the Payments table, the secret with Stripe's keys, commands, webhook, event consumer, sweeper."""

import json

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.alarms import add_alarm, service_metric
from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.schedule import Schedule
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

CHARGE_TIMEOUT = Duration.seconds(12)
"""A call to Stripe ends after 7 s; see services/payment/timeouts.py."""
REFUND_TIMEOUT = Duration.seconds(25)
"""A refund of a payment that is not recorded takes up to three calls to Stripe."""
CONSUMER_TIMEOUT = Duration.seconds(60)
INITIAL_SECRET = json.dumps({"apiKey": ""})

DUE_INDEX = "status-refundDueAt-index"


class PaymentStack(ServiceStack):
    """Owns payments and the connection to Stripe.

    Publishes ``charge-arn``, ``confirm-arn`` and ``refund-arn``, the commands of checkout, and ``stripe-secret-arn``,
    with which reconciliation asks Stripe.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "payment", depends_on)
        self._payments = ServiceTable(self, "Payments", partition_key="orderId", streams=True)
        # The index is sparse: only payments with a refund that Stripe has not made yet have refundDueAt.
        self._payments.add_global_secondary_index(
            index_name=DUE_INDEX,
            partition_key=dynamodb.Attribute(name="status", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="refundDueAt", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self._payments.add_user_index()
        self._payments.add_outbox_relay()
        self._secret_name = f"ecom67/{stage.name}/stripe"
        self._secret = self._create_stripe_secret()
        self.publish_parameter("stripe-secret-arn", self._secret.secret_arn)
        self._add_command("charge", CHARGE_TIMEOUT)
        self._add_command("confirm", CHARGE_TIMEOUT)
        self._add_command("refund", REFUND_TIMEOUT)
        self._add_webhook()
        self._add_event_consumer()
        self._add_sweeper()
        self._add_export()

    def _create_stripe_secret(self) -> secretsmanager.Secret:
        # The operator stores the keys after the first deployment; the generated values are valid nowhere.
        return secretsmanager.Secret(
            self,
            "StripeSecret",
            secret_name=self._secret_name,
            description="JSON: apiKey and webhookSecret of Stripe. See services/payment/README.md.",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=INITIAL_SECRET, generate_string_key="webhookSecret", exclude_punctuation=True
            ),
            removal_policy=self.stage.removal_policy,
        )

    def _create_function(self, name: str, handler: str, timeout: Duration) -> ServiceFunction:
        function = ServiceFunction(
            self,
            name,
            handler=handler,
            environment={"PAYMENTS_TABLE": self._payments.table_name, "STRIPE_SECRET": self._secret_name},
            dependencies="payment",
            timeout=timeout,
        )
        self._payments.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self._secret.secret_arn])
        )
        return function

    def _add_command(self, name: str, timeout: Duration) -> None:
        function = self._create_function(name, f"services.payment.commands:{name}", timeout)
        self.publish_parameter(f"{name}-arn", function.function_arn)

    def _add_webhook(self) -> None:
        function = self._create_function("api", "services.payment.api:api", REFUND_TIMEOUT)
        HttpRoutes(self, function).add("POST /payments/webhook", access=Access.PUBLIC)
        add_alarm(
            self,
            "RefundsFailedAlarm",
            description="Stripe refused a refund, or a bank sent one back: a shopper lacks money.",
            runbook="refunds-failed",
            metric=service_metric("RefundsFailed"),
        )
        add_alarm(
            self,
            "PaymentsMismatchedAlarm",
            description="Stripe reports a payment that is not the one of its order.",
            runbook="payments-mismatched",
            metric=service_metric("PaymentsMismatched"),
        )

    def _add_event_consumer(self) -> None:
        function = self._create_function("events", "services.payment.events:consumer", CONSUMER_TIMEOUT)
        EventSubscription(
            self, consumer=function, event_types=["OrderCancelled", "RefundRequested"], timeout=CONSUMER_TIMEOUT
        )

    def _add_sweeper(self) -> None:
        function = self._create_function("sweeper", "services.payment.sweeper:handler", CONSUMER_TIMEOUT)
        self._payments.grant_query(function, DUE_INDEX)
        Schedule(
            self,
            function,
            every=Duration.minutes(1),
            description="Tries the refunds again that Stripe has not made yet",
        )
        add_alarm(
            self,
            "RefundsPendingAlarm",
            description="Stripe has not made a refund after several tries: a shopper waits for money.",
            runbook="refunds-pending",
            metric=service_metric("RefundsPending"),
        )

    def _add_export(self) -> None:
        function = ServiceFunction(
            self,
            "export",
            handler="services.payment.export:export",
            environment={"PAYMENTS_TABLE": self._payments.table_name},
            dependencies="payment",
        )
        self._payments.grant_items_of_user(function)
        self.publish_parameter("export-arn", function.function_arn)

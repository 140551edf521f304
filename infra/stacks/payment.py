"""Payment: the Payments table, Stripe's secret, the commands of checkout and orders, and Stripe's webhook."""

import json

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, Routes
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

CHARGE_TIMEOUT = Duration.seconds(12)
"""A call to Stripe ends after 7 s; see services/payment/timeouts.py."""
REFUND_TIMEOUT = Duration.seconds(25)
"""A refund of what nobody recorded takes up to three calls."""
CONSUMER_TIMEOUT = Duration.seconds(60)
UNFILLED = json.dumps({"apiKey": ""})


class PaymentStack(ServiceStack):
    """Owns what Stripe is asked and what it said. Others find the commands under ``/ecom67/<stage>/payment/…``."""

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "payment", reads_from)
        self._payments = ServiceTable(self, "Payments", partition_key="orderId", streams=True).with_outbox_relay()
        self._secret_name = f"ecom67/{stage.name}/stripe"
        self._secret = self._stripe_secret()
        self._command("charge", CHARGE_TIMEOUT)
        self._command("confirm", CHARGE_TIMEOUT)
        self._command("refund", REFUND_TIMEOUT)
        self._webhook()
        self._cancellations()

    def _stripe_secret(self) -> secretsmanager.Secret:
        """The operator puts the keys in after the first deployment; until then the generated values open nothing."""
        return secretsmanager.Secret(
            self,
            "StripeSecret",
            secret_name=self._secret_name,
            description="JSON: apiKey and webhookSecret of Stripe. See services/payment/README.md.",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=UNFILLED, generate_string_key="webhookSecret", exclude_punctuation=True
            ),
            removal_policy=self.stage.removal_policy,
        )

    def _function(self, name: str, handler: str, timeout: Duration) -> lambda_.Function:
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

    def _command(self, name: str, timeout: Duration) -> None:
        function = self._function(name, f"services.payment.commands:{name}", timeout)
        self.publish(f"{name}-arn", function.function_arn)

    def _webhook(self) -> None:
        function = self._function("api", "services.payment.api:api", REFUND_TIMEOUT)
        Routes(self, function).add("POST /payments/webhook", access=Access.ANYONE)
        cloudwatch.Alarm(
            self,
            "RefundsFailedAlarm",
            alarm_description="A bank sent a refund back: a shopper lacks money. See services/payment/README.md.",
            metric=cloudwatch.Metric(
                namespace="ecom67", metric_name="RefundsFailed", statistic="Sum", period=Duration.minutes(1)
            ),
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _cancellations(self) -> None:
        function = self._function("events", "services.payment.events:consumer", CONSUMER_TIMEOUT)
        EventSubscription(self, consumer=function, event_types=["OrderCancelled"], timeout=CONSUMER_TIMEOUT)

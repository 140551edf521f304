"""The notifications stack: the topic, the function that sends e-mails, and the send log."""

from aws_cdk import CfnParameter, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.alarms import add_alarm, service_metric
from infra.constructs.event_subscription import EventSubscription
from infra.constructs.queues import consume_queue, create_queue_with_dlq
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

SUBSCRIBED_EVENTS = [
    "OrderPlaced",
    "OrderShipped",
    "ParcelDelivered",
    "OrderDelivered",
    "OrderCancelled",
    "OrderRefunded",
    "CheckoutFailed",
    "CartAbandoned",
    "ExportReady",
    "InvoiceIssued",
    "CreditNoteIssued",
    "WithdrawalReceived",
    "ReturnReceived",
]
MAX_CONCURRENCY = 5
"""Concurrent invocations of the e-mail function; a new SES account may send 14 e-mails per second."""
SHOP_URL_PARAMETER = "ShopUrl"
"""CloudFormation parameter of the local stage; ``ecom67/local/deployment.py`` passes it."""

REPUTATION_LIMITS = {
    "Bounces": ("Reputation.BounceRate", 0.05),
    "Complaints": ("Reputation.ComplaintRate", 0.001),
}
"""Metric and alarming rate, by what recipients do. They are of the account in this region, with all its stages. Source:
SES's developer guide, "Creating reputation monitoring alarms using CloudWatch"."""


class NotificationsStack(ServiceStack):
    """Owns the messages to shoppers. E-mail is one subscriber of the topic; other channels can be added as well.

    Publishes ``topic-arn``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "notifications", depends_on)
        self._send_log = ServiceTable(self, "SendLog", partition_key="inboxId", expires=True, streams=True)
        self._send_log.add_user_index()
        self._send_log.add_outbox_relay()
        self._topic = sns.Topic(
            self,
            "Topic",
            topic_name=f"{stage.prefix}-notifications",
            display_name="What shoppers are told",
            enforce_ssl=not stage.emulated,
            master_key=kms.Alias.from_alias_name(self, "SnsKey", "alias/aws/sns"),
        )
        self.publish_parameter("topic-arn", self._topic.topic_arn)
        self._add_event_consumer()
        self._add_email_sender()
        self._add_export()
        self._add_reputation_alarms()

    def _add_event_consumer(self) -> None:
        function = ServiceFunction(
            self,
            "events",
            handler="services.notifications.events:consumer",
            environment={"TOPIC_ARN": self._topic.topic_arn},
            memory=256,
            dependencies="notifications",
        )
        function.add_to_role_policy(iam.PolicyStatement(actions=["sns:Publish"], resources=[self._topic.topic_arn]))
        EventSubscription(self, consumer=function, event_types=SUBSCRIBED_EVENTS)

    def _add_email_sender(self) -> None:
        configuration_set = self.read_parameter("mail", "configuration-set")
        timeout = Duration.seconds(30)
        delivery_address_arn = self.read_parameter("orders", "delivery-address-arn")
        consent_arn = self.read_parameter("identity", "cart-reminder-consent-arn")
        queue, dead_letter_queue = create_queue_with_dlq(self, "email", consumer_timeout=timeout)
        self._subscribe_queue(queue, dead_letter_queue)
        function = ServiceFunction(
            self,
            "email",
            handler="services.notifications.email:handler",
            environment={
                "SEND_LOG_TABLE": self._send_log.table_name,
                "USER_POOL_ID": self.read_parameter("identity", "user-pool-id"),
                "MAIL_FROM": self.stage.mail_from,
                "CONFIGURATION_SET": configuration_set,
                "SHOP_URL": self._shop_url(),
                "DELIVERY_ADDRESS_ARN": delivery_address_arn,
                "CART_REMINDER_CONSENT_ARN": consent_arn,
            },
            timeout=timeout,
            dependencies="notifications",
            data=("services/notifications/templates",),
        )
        self._send_log.grant(function, "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["cognito-idp:AdminGetUser"], resources=[self.read_parameter("identity", "user-pool-arn")]
            )
        )
        function.add_to_role_policy(self._send_statement(configuration_set))
        function.allow_invoking([delivery_address_arn, consent_arn])
        consume_queue(queue, function, self, max_concurrency=MAX_CONCURRENCY)
        add_alarm(
            self,
            "MailsRefusedAlarm",
            description="SES refused mails for good. The send log names them and the reason.",
            runbook="mails-refused",
            metric=service_metric("MailsRefused", Duration.minutes(5)),
        )

    def _shop_url(self) -> str:
        """Return the address to which e-mails link; on the emulator it is chosen when the stage is started.

        One synthesis serves all local stages, whatever their ports. In AWS it is no parameter of `cdk deploy`, which
        keeps the previous value of one: it is the distribution's, or the domain's.
        """
        if not self.stage.emulated:
            return self.read_parameter("web", "shop-url")
        return CfnParameter(self, SHOP_URL_PARAMETER, default=self.stage.shop_url).value_as_string

    def _add_reputation_alarms(self) -> None:
        for name, (metric_name, rate) in REPUTATION_LIMITS.items():
            add_alarm(
                self,
                f"{name}Alarm",
                description=f"SES reviews an account with so many {name.lower()}, and may pause its sending.",
                runbook="mail-reputation",
                metric=cloudwatch.Metric(
                    namespace="AWS/SES", metric_name=metric_name, statistic="Average", period=Duration.hours(1)
                ),
                threshold=rate,
                # SES writes the rate when it sends; between two e-mails it is what it was.
                missing_data=cloudwatch.TreatMissingData.IGNORE,
            )

    def _subscribe_queue(self, queue: sqs.Queue, dead_letter_queue: sqs.Queue) -> None:
        # Not directly: Lambda retries a function that a topic invokes only twice, within three minutes. A queue retries
        # for as long as SES may need to recover, and its dead letters can be redriven.
        self._topic.add_subscription(
            subscriptions.SqsSubscription(queue, raw_message_delivery=True, dead_letter_queue=dead_letter_queue)
        )

    def _send_statement(self, configuration_set: str) -> iam.PolicyStatement:
        # Any identity, because SES's sandbox checks the recipient's as well. The condition restricts the sender.
        return iam.PolicyStatement(
            actions=["ses:SendEmail"],
            resources=[
                self.format_arn(service="ses", resource="identity", resource_name="*"),
                self.format_arn(service="ses", resource="configuration-set", resource_name=configuration_set),
            ],
            conditions={"StringEquals": {"ses:FromAddress": self.stage.mail_from}},
        )

    def _add_export(self) -> None:
        function = ServiceFunction(
            self,
            "export",
            handler="services.notifications.export:export",
            environment={"SEND_LOG_TABLE": self._send_log.table_name},
        )
        self._send_log.grant_items_of_user(function)
        self.publish_parameter("export-arn", function.function_arn)

"""Notifications: the topic of mails, the function that sends them, SES's settings, and the send log."""

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.queues import queue_with_dead_letters
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

TOLD = [
    "OrderPlaced",
    "OrderShipped",
    "OrderDelivered",
    "OrderCancelled",
    "OrderRefunded",
    "PaymentFailed",
    "CartAbandoned",
]
SENDERS_AT_ONCE = 5
"""A young SES account may send 14 mails a second."""


class NotificationsStack(ServiceStack):
    """Owns what people are told. Other ways to tell them subscribe to ``/ecom67/<stage>/notifications/topic-arn``."""

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "notifications", reads_from)
        self._send_log = ServiceTable(
            self, "SendLog", partition_key="inboxId", expires=True, streams=True
        ).with_outbox_relay()
        self._topic = sns.Topic(
            self,
            "Topic",
            topic_name=f"{stage.prefix}-notifications",
            display_name="What shoppers are told",
            enforce_ssl=not stage.emulated,
            master_key=kms.Alias.from_alias_name(self, "SnsKey", "alias/aws/sns"),
        )
        self.publish("topic-arn", self._topic.topic_arn)
        self._events()
        self._email(self._configuration_set())

    def _events(self) -> None:
        function = ServiceFunction(
            self,
            "events",
            handler="services.notifications.events:consumer",
            environment={"TOPIC_ARN": self._topic.topic_arn},
            memory=256,
        )
        function.add_to_role_policy(iam.PolicyStatement(actions=["sns:Publish"], resources=[self._topic.topic_arn]))
        EventSubscription(self, consumer=function, event_types=TOLD)

    def _configuration_set(self) -> ses.ConfigurationSet:
        configuration_set = ses.ConfigurationSet(
            self,
            "ConfigurationSet",
            configuration_set_name=self.stage.prefix,
            reputation_metrics=True,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
        )
        if not self.stage.keeps_data:
            # One address, which its owner verifies by a click: stages of one account do not claim the same domain.
            ses.EmailIdentity(self, "Sender", identity=ses.Identity.email(self.stage.mail_from))
            return configuration_set
        domain = self.stage.mail_from.partition("@")[2]
        sender = ses.EmailIdentity(
            self, "Sender", identity=ses.Identity.domain(domain), mail_from_domain=f"mail.{domain}"
        )
        for number, record in enumerate(sender.dkim_records, start=1):
            CfnOutput(self, f"DkimRecord{number}", value=f"{record.name} CNAME {record.value}")
        return configuration_set

    def _email(self, configuration_set: ses.ConfigurationSet) -> None:
        timeout = Duration.seconds(30)
        queue, dead_letters = queue_with_dead_letters(self, "email", handler_timeout=timeout)
        self._subscribe(queue, dead_letters)
        function = ServiceFunction(
            self,
            "email",
            handler="services.notifications.email:handler",
            environment={
                "SEND_LOG_TABLE": self._send_log.table_name,
                "USER_POOL_ID": self.read("identity", "user-pool-id"),
                "MAIL_FROM": self.stage.mail_from,
                "CONFIGURATION_SET": configuration_set.configuration_set_name,
                "SHOP_URL": self.stage.shop_url,
            },
            timeout=timeout,
            data=("services/notifications/templates",),
        )
        self._send_log.grant(function, "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["cognito-idp:AdminGetUser"], resources=[self.read("identity", "user-pool-arn")]
            )
        )
        function.add_to_role_policy(self._sending(configuration_set))
        function.add_event_source(
            sources.SqsEventSource(
                queue, batch_size=10, max_concurrency=SENDERS_AT_ONCE, report_batch_item_failures=True
            )
        )
        self._alarm_on_refusals()

    def _subscribe(self, queue: sqs.Queue, dead_letters: sqs.Queue) -> None:
        # Through a queue: Lambda gives a function that a topic invokes two more attempts within three minutes, a
        # queue as many as SES needs to recover, and its dead letters can be redriven.
        self._topic.add_subscription(
            subscriptions.SqsSubscription(queue, raw_message_delivery=True, dead_letter_queue=dead_letters)
        )

    def _sending(self, configuration_set: ses.ConfigurationSet) -> iam.PolicyStatement:
        # Any identity: in SES's sandbox the recipient's is checked too. The sender is fixed by the condition.
        return iam.PolicyStatement(
            actions=["ses:SendEmail"],
            resources=[
                self.format_arn(service="ses", resource="identity", resource_name="*"),
                self.format_arn(
                    service="ses",
                    resource="configuration-set",
                    resource_name=configuration_set.configuration_set_name,
                ),
            ],
            conditions={"StringEquals": {"ses:FromAddress": self.stage.mail_from}},
        )

    def _alarm_on_refusals(self) -> None:
        cloudwatch.Alarm(
            self,
            "MailsRefusedAlarm",
            alarm_description="SES refused mails for good. The send log names them and the reason.",
            metric=cloudwatch.Metric(
                namespace="ecom67", metric_name="MailsRefused", statistic="Sum", period=Duration.minutes(5)
            ),
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

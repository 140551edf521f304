"""CloudWatch alarms, the topic on which they notify, and the metrics that the services count in."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from infra.constructs.service_stack import ServiceStack

METRIC_NAMESPACE = "ecom67"
"""Namespace of the counts that ``bus/metric.py`` writes."""


def service_metric(metric_name: str, period: Duration | None = None) -> cloudwatch.Metric:
    """Return the sum of a count that services write.

    Parameters:
        metric_name: such as ``EventsInvalid``.
        period: over which the count is summed; 1 minute by default.
    """
    return cloudwatch.Metric(
        namespace=METRIC_NAMESPACE, metric_name=metric_name, statistic="Sum", period=period or Duration.minutes(1)
    )


class AlarmTopic(sns.Topic):
    """The topic of a stage's alarms. The addresses of the stage's settings subscribe to it.

    It is not encrypted with a key of KMS: CloudWatch cannot publish to a topic with SNS's own key, and a message
    holds nothing but the alarm (CloudWatch's user guide, "Notifying users on alarm changes").

    Publishes ``alarm-topic-arn``.

    Parameters:
        stack: the stack that owns the topic; every stack with an alarm is deployed after it.
    """

    ID = "AlarmTopic"

    def __init__(self, stack: ServiceStack) -> None:
        super().__init__(
            stack,
            self.ID,
            topic_name=f"{stack.stage.prefix}-alarms",
            display_name=f"e-com67 {stack.stage.name}",
            enforce_ssl=not stack.stage.emulated,
        )
        for address in stack.stage.alarm_emails:
            self.add_subscription(subscriptions.EmailSubscription(address))
        self.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sns:Publish"],
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                resources=[self.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
            )
        )
        stack.publish_parameter("alarm-topic-arn", self.topic_arn)


def _alarm_topic(stack: ServiceStack) -> sns.ITopic:
    for construct_id in (AlarmTopic.ID, "SharedAlarmTopic"):
        if isinstance(existing := stack.node.try_find_child(construct_id), sns.TopicBase):
            return existing
    return sns.Topic.from_topic_arn(stack, "SharedAlarmTopic", stack.read_parameter("bus", "alarm-topic-arn"))


def add_alarm(
    stack: ServiceStack,
    construct_id: str,
    *,
    description: str,
    runbook: str,
    metric: cloudwatch.IMetric,
    threshold: float = 1,
    evaluation_periods: int = 1,
    missing_data: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
) -> cloudwatch.Alarm:
    """Add an alarm that is raised when a metric reaches a threshold; by default on the first occurrence.

    The stage's alarm topic is notified when the alarm is raised and when it is over.

    Parameters:
        stack: the stack.
        construct_id: id of the alarm, unique in the stack.
        description: what is wrong, in a sentence.
        runbook: name of the page in ``docs/runbooks/`` that says what to do, without its suffix.
        metric: the metric.
        threshold: the least value that is alarming, in the metric's unit.
        evaluation_periods: number of consecutive periods of the metric that have to reach the threshold.
        missing_data: how a period without data is judged; by default as in order.
    """
    alarm = cloudwatch.Alarm(
        stack,
        construct_id,
        alarm_description=f"{description} See docs/runbooks/{runbook}.md.",
        metric=metric,
        threshold=threshold,
        evaluation_periods=evaluation_periods,
        treat_missing_data=missing_data,
    )
    action = actions.SnsAction(_alarm_topic(stack))
    alarm.add_alarm_action(action)
    alarm.add_ok_action(action)
    return alarm

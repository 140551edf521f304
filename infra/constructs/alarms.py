"""CloudWatch alarms, and the metrics that the services count in."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

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


def add_alarm(
    scope: Construct,
    construct_id: str,
    *,
    description: str,
    metric: cloudwatch.IMetric,
    threshold: float = 1,
    evaluation_periods: int = 1,
    missing_data: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
) -> cloudwatch.Alarm:
    """Add an alarm that is raised when a metric reaches a threshold; by default on the first occurrence.

    Parameters:
        scope: the stack.
        construct_id: id of the alarm, unique in the scope.
        description: what is wrong, and the page that says what to do.
        metric: the metric.
        threshold: the least value that is alarming, in the metric's unit.
        evaluation_periods: number of consecutive periods of the metric that have to reach the threshold.
        missing_data: how a period without data is judged; by default as in order.
    """
    return cloudwatch.Alarm(
        scope,
        construct_id,
        alarm_description=description,
        metric=metric,
        threshold=threshold,
        evaluation_periods=evaluation_periods,
        treat_missing_data=missing_data,
    )

"""Timers: EventBridge Scheduler invokes a function again and again, and an alarm says when it keeps failing."""

from datetime import time

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.constructs.alarms import add_alarm
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack

SHOP_TIME_ZONE = "America/New_York"
"""The days of the shop begin and end here; mails name times of this zone as well."""
FAILED_TRIES = 3
"""Lambda tries an invocation by a timer three times: so often fails a job that fails at all, or a frequent one
that does not recover."""


class Schedule(Construct):
    """Invokes a function every so often, or once a day.

    A run that fails is tried twice more by Lambda and is then left to the next one: what a scheduled function does is
    all that is due when it runs, so nothing is lost with a run.

    Parameters:
        stack: the service's stack.
        function: the function; its handler takes an empty event.
        description: what the function does, in a sentence without a full stop.
        every: the time between two runs, a minute or more.
        daily_at: the time of day in the shop's time zone, which follows its summer time. The emulator reads it as
            UTC.

    Raises ValueError unless exactly one of ``every`` and ``daily_at`` is given.
    """

    def __init__(
        self,
        stack: ServiceStack,
        function: ServiceFunction,
        *,
        description: str,
        every: Duration | None = None,
        daily_at: time | None = None,
    ) -> None:
        if (every is None) == (daily_at is None):
            raise ValueError("a schedule has an interval or a time of day")
        title = function.node.id.removesuffix("Function")
        super().__init__(stack, f"{title}Schedule")
        role = iam.Role(
            self,
            "Role",
            # Only for schedules of this account: else another one's could have them invoked.
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
            ),
        )
        # Not `grant_invoke`, which would allow each version of the function as well.
        role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn]))
        expression = _expression(every, daily_at)
        scheduler.CfnSchedule(
            self,
            "Schedule",
            name=f"{stack.stage.prefix}-{stack.service}-{title.lower()}",
            description=description,
            schedule_expression=expression,
            schedule_expression_timezone=SHOP_TIME_ZONE if daily_at else None,
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=function.function_arn,
                role_arn=role.role_arn,
                input="{}",
                # A run that could not be delivered is of no use once the next one is due.
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_retry_attempts=2 if daily_at else 0, maximum_event_age_in_seconds=3600
                ),
            ),
        ).node.add_dependency(role)
        add_alarm(
            stack,
            f"{title}FailsAlarm",
            description=f"{stack.service}: a scheduled job fails again and again. {description}.",
            runbook="scheduled-jobs",
            metric=function.metric_errors(period=Duration.hours(1)),
            threshold=FAILED_TRIES,
        )


def _expression(every: Duration | None, daily_at: time | None) -> str:
    if daily_at:
        return f"cron({daily_at.minute} {daily_at.hour} * * ? *)"
    minutes = every.to_minutes() if every else 0
    return "rate(1 minute)" if minutes == 1 else f"rate({minutes:g} minutes)"

"""Queues: encrypted, only over TLS, and with a dead-letter queue that somebody is told of."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs

from infra.constructs.service_stack import ServiceStack

MAX_RECEIVES = 5


def encrypted_queue(
    stack: ServiceStack,
    name: str,
    *,
    retention: Duration,
    visibility_timeout: Duration | None = None,
    delivery_delay: Duration | None = None,
    dead_letters: sqs.Queue | None = None,
) -> sqs.Queue:
    """Return a queue ``ecom67-<stage>-<service>-<name>`` in lower case."""
    return sqs.Queue(
        stack,
        f"{name}Queue",
        queue_name=f"{stack.stage.prefix}-{stack.service}-{name.lower()}",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=not stack.stage.emulated,
        retention_period=retention,
        visibility_timeout=visibility_timeout,
        delivery_delay=delivery_delay,
        dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=MAX_RECEIVES, queue=dead_letters)
        if dead_letters
        else None,
    )


def queue_with_dead_letters(
    stack: ServiceStack, name: str, *, handler_timeout: Duration, delivery_delay: Duration | None = None
) -> tuple[sqs.Queue, sqs.Queue]:
    """Return a queue and its DLQ, which raises an alarm from its first message on.

    Parameters:
        stack: the service's stack.
        name: of the queue; the DLQ's name has ``-dlq`` behind it.
        handler_timeout: of the function that reads it; AWS advises a visibility timeout of six times that.
        delivery_delay: how long a message waits before anybody sees it.
    """
    dead_letters = encrypted_queue(stack, f"{name}-dlq", retention=Duration.days(14))
    queue = encrypted_queue(
        stack,
        name,
        retention=Duration.days(4),
        visibility_timeout=Duration.seconds(6 * handler_timeout.to_seconds()),
        delivery_delay=delivery_delay,
        dead_letters=dead_letters,
    )
    cloudwatch.Alarm(
        stack,
        f"{name}DeadLetterAlarm",
        alarm_description=f"{stack.service}: {name} has dead letters. See docs/runbooks/dead-letters.md.",
        metric=dead_letters.metric_approximate_number_of_messages_visible(period=Duration.minutes(1)),
        threshold=1,
        evaluation_periods=1,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    return queue, dead_letters

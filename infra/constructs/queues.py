"""SQS queues: encrypted, in AWS reached over TLS only, and with a dead-letter queue that has an alarm."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs

from infra.constructs.alarms import add_alarm
from infra.constructs.service_stack import ServiceStack


def create_queue(
    stack: ServiceStack,
    name: str,
    *,
    retention: Duration,
    visibility_timeout: Duration | None = None,
    delivery_delay: Duration | None = None,
    dead_letter_queue: sqs.Queue | None = None,
) -> sqs.Queue:
    """Create an encrypted queue.

    Parameters:
        stack: the service's stack.
        name: short name; the queue is named ``ecom67-<stage>-<service>-<name>`` in lower case.
        retention: how long a message is kept.
        visibility_timeout: how long a received message is hidden from other receivers; 30 seconds by default.
        delivery_delay: how long a message waits before it can be received; 0 by default.
        dead_letter_queue: takes a message after the deliveries that the stage allows.
    """
    return sqs.Queue(
        stack,
        f"{name}Queue",
        queue_name=f"{stack.stage.prefix}-{stack.service}-{name.lower()}",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        # The emulator serves plain HTTP.
        enforce_ssl=not stack.stage.emulated,
        retention_period=retention,
        visibility_timeout=visibility_timeout,
        delivery_delay=delivery_delay,
        dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=stack.stage.max_receive_count, queue=dead_letter_queue)
        if dead_letter_queue
        else None,
    )


def create_queue_with_dlq(
    stack: ServiceStack,
    name: str,
    *,
    consumer_timeout: Duration,
    batching_window: Duration | None = None,
    delivery_delay: Duration | None = None,
) -> tuple[sqs.Queue, sqs.Queue]:
    """Create a queue and its dead-letter queue, whose alarm is raised by its first message.

    Parameters:
        stack: the service's stack.
        name: short name of the queue; that of the dead-letter queue is ``<name>-dlq``.
        consumer_timeout: of the function that reads the queue.
        batching_window: of the function's event source; 0 by default. The visibility timeout is six times the
            function's timeout plus this window, as Lambda's developer guide advises.
        delivery_delay: how long a message waits before it can be received; 0 by default.
    """
    dead_letter_queue = create_queue(stack, f"{name}-dlq", retention=Duration.days(14))
    stack.dead_letter_queues.append(f"{stack.service}-{name.lower()}-dlq")
    queue = create_queue(
        stack,
        name,
        retention=Duration.days(4),
        visibility_timeout=Duration.seconds(
            6 * consumer_timeout.to_seconds() + (batching_window.to_seconds() if batching_window else 0)
        ),
        delivery_delay=delivery_delay,
        dead_letter_queue=dead_letter_queue,
    )
    add_alarm(
        stack,
        f"{name}DeadLetterAlarm",
        description=f"{stack.service}: {name} has dead letters.",
        runbook="dead-letters",
        metric=dead_letter_queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1)),
    )
    return queue, dead_letter_queue


def consume_queue(
    queue: sqs.Queue,
    consumer: lambda_.Function,
    stack: ServiceStack,
    *,
    batch_size: int = 10,
    batching_window: Duration | None = None,
    max_concurrency: int | None = None,
) -> None:
    """Invoke a function with the messages of a queue; it reports those that failed.

    Lambda reads no more messages than it can invoke the function with, so that none comes back unread and counts as
    delivered.

    Parameters:
        queue: the queue.
        consumer: the function.
        stack: the service's stack.
        batch_size: the most messages of one invocation.
        batching_window: how long messages are gathered for one invocation; 0 by default.
        max_concurrency: concurrent invocations, if fewer than the stage allows each queue.
    """
    allowed = stack.stage.queue_concurrency
    consumer.add_event_source(
        sources.SqsEventSource(
            queue,
            batch_size=batch_size,
            max_batching_window=batching_window,
            max_concurrency=min(allowed, max_concurrency or allowed),
            report_batch_item_failures=True,
        )
    )

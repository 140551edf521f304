"""A function that consumes a table's stream without losing a record."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources

from infra.constructs.alarms import add_alarm
from infra.constructs.queues import create_queue
from infra.constructs.service_stack import ServiceStack


def add_stream_consumer(
    stack: ServiceStack,
    title: str,
    *,
    table: dynamodb.ITable,
    consumer: lambda_.Function,
    record_filter: dict[str, object] | None = None,
    batching_window: Duration | None = None,
) -> None:
    """Invoke a function with the records of a table's stream, from the oldest on.

    Lambda never drops a record: a failed one is delivered again until it succeeds. The function itself parks records
    that can never succeed in the queue ``PARKING_QUEUE_URL``, which has an alarm. A second alarm is raised when the
    function is more than five minutes behind.

    Parameters:
        stack: the consumer's stack.
        title: prefix of the construct ids of queue and alarms, and name of the queue, such as ``Orders``.
        table: the table; its stream has new and old images.
        consumer: the function.
        record_filter: Lambda filter pattern of the records that are delivered; all by default.
        batching_window: how long records are gathered for one invocation, of a hundred at most; 0 by default.
    """
    parking_queue = create_queue(stack, f"{title}Parking", retention=Duration.days(14))
    parking_queue.grant_send_messages(consumer)
    consumer.add_environment("PARKING_QUEUE_URL", parking_queue.queue_url)
    consumer.add_event_source(
        sources.DynamoEventSource(
            table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            max_batching_window=batching_window,
            retry_attempts=-1,
            report_batch_item_failures=True,
            filters=[lambda_.FilterCriteria.filter(record_filter)] if record_filter else None,
        )
    )
    add_alarm(
        stack,
        f"{title}ParkingAlarm",
        description=f"Changes of {title} are parked.",
        runbook="parked-events",
        metric=parking_queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1)),
    )
    add_alarm(
        stack,
        f"{title}AgeAlarm",
        description=f"The reader of {title} is more than five minutes behind.",
        runbook="stream-behind",
        metric=consumer.metric("IteratorAge", statistic="Maximum", period=Duration.minutes(1)),
        threshold=Duration.minutes(5).to_milliseconds(),
        evaluation_periods=3,
    )

"""A function that follows a table's stream and loses nothing of it."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources

from infra.constructs.queues import encrypted_queue
from infra.constructs.service_stack import ServiceStack


def follow_stream(
    stack: ServiceStack,
    title: str,
    *,
    table: dynamodb.ITable,
    reader: lambda_.Function,
    only_where: dict[str, object] | None = None,
) -> None:
    """Have a function read a table's stream from its beginning.

    The stream never drops a record: the function parks what it can do nothing with, in a queue that it finds
    in PARKING_QUEUE_URL, and somebody is told; what it cannot do now comes again.

    Parameters:
        stack: the reader's stack.
        title: names queue and alarms, such as ``Orders``.
        table: whose stream; it holds new and old images.
        reader: the function.
        only_where: pattern of the records that it is called for; all of them by default.
    """
    parking = encrypted_queue(stack, f"{title}Parking", retention=Duration.days(14))
    parking.grant_send_messages(reader)
    reader.add_environment("PARKING_QUEUE_URL", parking.queue_url)
    reader.add_event_source(
        sources.DynamoEventSource(
            table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            retry_attempts=-1,
            report_batch_item_failures=True,
            filters=[lambda_.FilterCriteria.filter(only_where)] if only_where else None,
        )
    )
    cloudwatch.Alarm(
        stack,
        f"{title}ParkingAlarm",
        alarm_description=f"Changes of {title} are parked. See docs/runbooks/parked-events.md.",
        metric=parking.metric_approximate_number_of_messages_visible(period=Duration.minutes(1)),
        threshold=1,
        evaluation_periods=1,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    cloudwatch.Alarm(
        stack,
        f"{title}AgeAlarm",
        alarm_description=f"The reader of {title} is more than five minutes behind.",
        metric=reader.metric("IteratorAge", statistic="Maximum", period=Duration.minutes(1)),
        threshold=300_000,
        evaluation_periods=3,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )

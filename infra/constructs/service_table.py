"""A table of a service, and the relay that puts the events of its outbox on the bus."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_

from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.stream_consumer import follow_stream


class ServiceTable(dynamodb.Table):
    """A table: on demand, encrypted, recoverable to a point in time where the stage keeps data.

    Parameters:
        stack: the service's stack.
        name: as in the data model, such as ``Orders``; becomes ``ecom67-<stage>-Orders``.
        partition_key: attribute name; a string.
        sort_key: attribute name, if any.
        sort_key_type: type of the sort key.
        expires: whether items with ``expiresAt`` (seconds since the epoch) are deleted after that time.
        streams: whether it has a stream of new and old images; an outbox relay needs one.
    """

    def __init__(
        self,
        stack: ServiceStack,
        name: str,
        *,
        partition_key: str,
        sort_key: str | None = None,
        sort_key_type: dynamodb.AttributeType = dynamodb.AttributeType.STRING,
        expires: bool = False,
        streams: bool = False,
    ) -> None:
        stage = stack.stage
        super().__init__(
            stack,
            f"{name}Table",
            table_name=f"{stage.prefix}-{name}",
            partition_key=dynamodb.Attribute(name=partition_key, type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name=sort_key, type=sort_key_type) if sort_key else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=not stage.emulated
            ),
            deletion_protection=stage.keeps_data,
            removal_policy=stage.removal_policy,
            time_to_live_attribute="expiresAt" if expires else None,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if streams else None,
        )
        self._owner = stack
        self._title = name

    def with_outbox_relay(self) -> "ServiceTable":
        """Relay the events of this table's outbox to the bus; return the table."""
        stack = self._owner
        relay = ServiceFunction(
            stack,
            f"{self._title.lower()}-relay",
            handler="bus.relay:handler",
            environment={"BUS_NAME": stack.read("bus", "name")},
            timeout=Duration.seconds(60),
            memory=256,
        )
        events.EventBus.from_event_bus_arn(
            stack, f"{self._title}RelayBus", stack.read("bus", "arn")
        ).grant_put_events_to(relay)
        follow_stream(
            stack,
            self._title,
            table=self,
            reader=relay,
            # Only a leaf can be asked for its existence, which is why the outbox is a string.
            only_where={"dynamodb": {"NewImage": {"outbox": {"S": lambda_.FilterRule.exists()}}}},
        )
        return self

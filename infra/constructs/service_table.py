"""A DynamoDB table of a service, and the relay that publishes the events of its outbox."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.stream_consumer import add_stream_consumer

USER_INDEX = "userId-index"


class ServiceTable(dynamodb.Table):
    """A table: on demand, encrypted, and in AWS with point-in-time recovery.

    Parameters:
        stack: the service's stack.
        name: as in the data model, such as ``Orders``; the table is named ``ecom67-<stage>-Orders``.
        partition_key: name of the attribute; its type is string.
        sort_key: name of the attribute, if the table has a sort key.
        sort_key_type: type of the sort key.
        expires: whether DynamoDB deletes items after the time in ``expiresAt`` (seconds since the epoch).
        streams: whether the table has a stream of new and old images, which an outbox relay needs.
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
            deletion_protection=stage.deletion_protection,
            removal_policy=stage.removal_policy,
            time_to_live_attribute="expiresAt" if expires else None,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if streams else None,
        )
        self._service_stack = stack
        self._name = name

    def add_user_index(self) -> None:
        """Index the items by the person in their ``userId``, for the export of all that is stored of somebody.

        Keys only, and neither key ever changes: an item's creation costs one more write, its updates cost none.
        """
        self.add_global_secondary_index(
            index_name=USER_INDEX,
            partition_key=dynamodb.Attribute(name="userId", type=dynamodb.AttributeType.STRING),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Allow actions on the table's items, but none on its indexes.

        Parameters:
            grantee: who is allowed.
            actions: IAM actions, such as ``dynamodb:GetItem``.
        """
        return iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=[self.table_arn])

    def grant_query(self, grantee: iam.IGrantable, *indexes: str) -> iam.Grant:
        """Allow queries of indexes, and not of the table itself.

        Parameters:
            grantee: who is allowed.
            indexes: names of the indexes.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["dynamodb:Query"],
            resource_arns=[f"{self.table_arn}/index/{index}" for index in indexes],
        )

    def grant_items_of_user(self, grantee: iam.IGrantable) -> None:
        """Allow to read all items of a person; the table has the index of ``add_user_index``.

        Parameters:
            grantee: who is allowed.
        """
        self.grant_query(grantee, USER_INDEX)
        self.grant(grantee, "dynamodb:BatchGetItem")

    def add_outbox_relay(self) -> None:
        """Publish the events of this table's outbox to the bus. The table has to have a stream.

        The relay may put only events whose source is the service itself.
        """
        stack = self._service_stack
        relay = ServiceFunction(
            stack,
            f"{self._name.lower()}-relay",
            handler="bus.relay:handler",
            environment={"BUS_NAME": stack.read_parameter("bus", "name")},
            timeout=Duration.seconds(60),
            memory=256,
        )
        relay.add_to_role_policy(
            iam.PolicyStatement(
                actions=["events:PutEvents"],
                resources=[stack.read_parameter("bus", "arn")],
                conditions={"StringEquals": {"events:source": f"ecom67.{stack.service}"}},
            )
        )
        add_stream_consumer(
            stack,
            self._name,
            table=self,
            consumer=relay,
            # A filter can only match whether a leaf exists, which is why the outbox is a string.
            record_filter={"dynamodb": {"NewImage": {"outbox": {"S": lambda_.FilterRule.exists()}}}},
        )

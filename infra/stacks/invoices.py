"""The invoices stack: the documents of orders, their numbers, their PDFs, the route and the event consumer."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.document_data import DOCUMENT_DATA
from infra.constructs.erased_users import grant_erased_users
from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

SUBSCRIBED_EVENTS = ["OrderShipped", "OrderRefunded", "UserDeleted"]
EVENTS_TIMEOUT = Duration.seconds(60)
"""An erasure makes all PDFs of a person anew, some five a second."""


class InvoicesStack(ServiceStack):
    """Owns invoices and credit notes.

    Publishes ``export-arn``, the command of identity.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "invoices", depends_on)
        # Documents do not expire; refunds of orders that are never invoiced do.
        self._invoices = ServiceTable(self, "Invoices", partition_key="orderId", expires=True, streams=True)
        self._invoices.add_user_index()
        self._invoices.add_outbox_relay()
        self._numbers = ServiceTable(self, "InvoiceNumbers", partition_key="series")
        # Not versioned: after an erasure no earlier version may have the name.
        self._documents = PrivateBucket(self, "Documents", stage)
        self._add_event_consumer()
        self._add_api()
        self._add_export()

    def _add_event_consumer(self) -> None:
        show_arn = self.read_parameter("orders", "show-arn")
        delivery_address_arn = self.read_parameter("orders", "delivery-address-arn")
        function = ServiceFunction(
            self,
            "events",
            handler="services.invoices.events:consumer",
            environment={
                "INVOICES_TABLE": self._invoices.table_name,
                "INVOICE_NUMBERS_TABLE": self._numbers.table_name,
                "DOCUMENTS_BUCKET": self._documents.bucket_name,
                "SHOW_ORDER_ARN": show_arn,
                "DELIVERY_ADDRESS_ARN": delivery_address_arn,
            },
            timeout=EVENTS_TIMEOUT,
            dependencies="documents",
            data=DOCUMENT_DATA,
        )
        self._invoices.grant(function, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        self._invoices.grant_items_of_user(function)
        self._numbers.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        grant_erased_users(self, function, "dynamodb:GetItem", "dynamodb:ConditionCheckItem")
        self._allow_files(function, "s3:PutObject")
        function.allow_invoking([show_arn, delivery_address_arn])
        EventSubscription(self, consumer=function, event_types=SUBSCRIBED_EVENTS, timeout=EVENTS_TIMEOUT)

    def _add_api(self) -> None:
        function = ServiceFunction(
            self,
            "api",
            handler="services.invoices.api:api",
            environment={
                "INVOICES_TABLE": self._invoices.table_name,
                "DOCUMENTS_BUCKET": self._documents.bucket_name,
            },
        )
        self._invoices.grant(function, "dynamodb:GetItem")
        # Who follows a link has the rights of whoever signed it.
        self._allow_files(function, "s3:GetObject")
        HttpRoutes(self, function).add("GET /orders/{orderId}/invoices", access=Access.AUTHENTICATED)

    def _add_export(self) -> None:
        function = ServiceFunction(
            self,
            "export",
            handler="services.invoices.export:export",
            environment={"INVOICES_TABLE": self._invoices.table_name},
        )
        self._invoices.grant_items_of_user(function)
        self.publish_parameter("export-arn", function.function_arn)

    def _allow_files(self, function: ServiceFunction, action: str) -> None:
        function.add_to_role_policy(
            iam.PolicyStatement(actions=[action], resources=[self._documents.arn_for_objects("*")])
        )

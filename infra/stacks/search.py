"""The search stack: the SearchProducts table, the functions that fill it, the index, routes, and commands."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.search_engine import create_search_engine
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.constructs.stream_consumer import add_stream_consumer
from infra.stage import Stage

SYNONYMS_FILE = "services/search/synonyms.txt"
CATALOG_INDEX = "listing-index"
"""Index of the catalog's Products table that has the products that shoppers may see."""


class SearchStack(ServiceStack):
    """Owns the search index. Products come from the stream of the catalog's table, stock from events.

    Publishes ``find-arn``, the command of the chat, and ``maintenance-arn``, that of ``ecom67 search``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "search", depends_on)
        self._products = ServiceTable(self, "SearchProducts", partition_key="productId", streams=True)
        self._catalog = dynamodb.Table.from_table_attributes(
            self,
            "Products",
            table_name=self.read_parameter("catalog", "products-table"),
            table_stream_arn=self.read_parameter("catalog", "products-stream-arn"),
        )
        self._engine = create_search_engine(self)
        self._add_projector()
        self._add_event_consumer()
        self._add_indexer()
        self._add_api()
        self._add_find_command()
        self._add_maintenance()

    def _add_projector(self) -> None:
        function = ServiceFunction(
            self,
            "projector",
            handler="services.search.projector:handler",
            environment={"SEARCH_PRODUCTS_TABLE": self._products.table_name},
            dependencies="search",
            timeout=Duration.seconds(60),
        )
        self._products.grant(function, "dynamodb:UpdateItem")
        add_stream_consumer(self, "Products", table=self._catalog, consumer=function)

    def _add_event_consumer(self) -> None:
        # Time for a hundred events, one write each.
        timeout = Duration.seconds(60)
        function = ServiceFunction(
            self,
            "events",
            handler="services.search.events:consumer",
            environment={"SEARCH_PRODUCTS_TABLE": self._products.table_name},
            dependencies="search",
            timeout=timeout,
        )
        self._products.grant(function, "dynamodb:UpdateItem")
        EventSubscription(
            self,
            consumer=function,
            event_types=["StockChanged"],
            timeout=timeout,
            batching_window=Duration.seconds(self.stage.catalog_batching_window_seconds),
        )

    def _add_indexer(self) -> None:
        function = self._create_engine_function("indexer", "services.search.indexer:handler", Duration.seconds(60))
        self._engine.grant_read_write(function)
        add_stream_consumer(
            self,
            "SearchProducts",
            table=self._products,
            consumer=function,
            batching_window=Duration.seconds(self.stage.index_batching_window_seconds),
            # Most orders of a product with many units change nothing that the index has.
            record_filter={"dynamodb": {"NewImage": {"changesIndex": {"S": lambda_.FilterRule.exists()}}}},
        )

    def _add_api(self) -> None:
        function = self._create_engine_function("api", "services.search.api:api", Duration.seconds(10))
        self._engine.grant_read(function)
        HttpRoutes(self, function).add("GET /search", "GET /search/suggest", access=Access.PUBLIC)

    def _add_find_command(self) -> None:
        function = self._create_engine_function("find", "services.search.commands:find", Duration.seconds(10))
        self._engine.grant_read(function)
        self.publish_parameter("find-arn", function.function_arn)

    def _add_maintenance(self) -> None:
        # Rebuilds the index or compares it with the catalog; the command line invokes one step after the other.
        function = self._create_engine_function(
            "maintenance", "services.search.maintenance:maintain", Duration.seconds(120)
        )
        function.add_environment("SEARCH_PRODUCTS_TABLE", self._products.table_name)
        function.add_environment("PRODUCTS_TABLE", self._catalog.table_name)
        self._products.grant(function, "dynamodb:BatchGetItem", "dynamodb:UpdateItem")
        self._engine.grant_read_write(function)
        table = self._catalog.table_arn
        for action, resource in (
            ("dynamodb:BatchGetItem", table),
            ("dynamodb:Query", f"{table}/index/{CATALOG_INDEX}"),
        ):
            function.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
        self.publish_parameter("maintenance-arn", function.function_arn)

    def _create_engine_function(self, name: str, handler: str, timeout: Duration) -> ServiceFunction:
        return ServiceFunction(
            self,
            name,
            handler=handler,
            environment=self._engine.environment,
            dependencies="search",
            data=(SYNONYMS_FILE,),
            timeout=timeout,
            memory=1024,
        )

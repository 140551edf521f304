"""Search: the SearchProducts table and what fills it, the index, and the routes."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.event_subscription import EventSubscription
from infra.constructs.http_routes import Access, Routes
from infra.constructs.search_engine import search_engine
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.constructs.stream_consumer import follow_stream
from infra.stage import Stage

SYNONYMS = "services/search/synonyms.txt"
LISTING = "listing-index"
"""The catalog's index of what shoppers see."""


class SearchStack(ServiceStack):
    """Owns the index. Products come by the catalog's stream, stock by events."""

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "search", reads_from)
        self._products = ServiceTable(self, "SearchProducts", partition_key="productId", streams=True)
        self._catalog = dynamodb.Table.from_table_attributes(
            self,
            "Products",
            table_name=self.read("catalog", "products-table"),
            table_stream_arn=self.read("catalog", "products-stream-arn"),
        )
        self._engine = search_engine(self)
        self._projector()
        self._events()
        self._indexer()
        self._api()
        self._find()
        self._maintenance()

    def _projector(self) -> None:
        function = ServiceFunction(
            self,
            "projector",
            handler="services.search.projector:handler",
            environment={"SEARCH_PRODUCTS_TABLE": self._products.table_name},
            dependencies="search",
            timeout=Duration.seconds(60),
        )
        self._products.grant(function, "dynamodb:UpdateItem")
        follow_stream(self, "Products", table=self._catalog, reader=function)

    def _events(self) -> None:
        timeout = Duration.seconds(20)
        function = ServiceFunction(
            self,
            "events",
            handler="services.search.events:consumer",
            environment={"SEARCH_PRODUCTS_TABLE": self._products.table_name},
            dependencies="search",
            timeout=timeout,
        )
        self._products.grant(function, "dynamodb:UpdateItem")
        EventSubscription(self, consumer=function, event_types=["StockChanged"], timeout=timeout)

    def _indexer(self) -> None:
        function = self._engine_function("indexer", "services.search.indexer:handler", Duration.seconds(60))
        self._engine.grant_changes(function)
        follow_stream(self, "SearchProducts", table=self._products, reader=function)

    def _api(self) -> None:
        function = self._engine_function("api", "services.search.api:api", Duration.seconds(10))
        self._engine.grant_queries(function)
        Routes(self, function).add("GET /search", "GET /search/suggest", access=Access.ANYONE)

    def _find(self) -> None:
        function = self._engine_function("find", "services.search.commands:find", Duration.seconds(10))
        self._engine.grant_queries(function)
        self.publish("find-arn", function.function_arn)

    def _maintenance(self) -> None:
        """Rebuild and comparison, which the command line asks for step by step."""
        function = self._engine_function("maintenance", "services.search.maintenance:maintain", Duration.seconds(120))
        function.add_environment("SEARCH_PRODUCTS_TABLE", self._products.table_name)
        function.add_environment("PRODUCTS_TABLE", self._catalog.table_name)
        self._products.grant(function, "dynamodb:BatchGetItem", "dynamodb:UpdateItem")
        self._engine.grant_changes(function)
        table = self._catalog.table_arn
        for action, resource in (("dynamodb:BatchGetItem", table), ("dynamodb:Query", f"{table}/index/{LISTING}")):
            function.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
        self.publish("maintenance-arn", function.function_arn)

    def _engine_function(self, name: str, handler: str, timeout: Duration) -> ServiceFunction:
        return ServiceFunction(
            self,
            name,
            handler=handler,
            environment=self._engine.environment,
            dependencies="search",
            data=(SYNONYMS,),
            timeout=timeout,
            memory=1024,
        )

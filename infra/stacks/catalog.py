"""The catalog: the Products and Categories tables, the bucket of images, and the routes."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.http_routes import Access, Routes
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage


class CatalogStack(ServiceStack):
    """Owns products. Others find tables and bucket under ``/ecom67/<stage>/catalog/…``.

    ``products-stream-arn`` is for the search indexer, which is the stream's second reader beside the relay.
    """

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "catalog", reads_from)
        self._products = self._products_table()
        self._categories = ServiceTable(self, "Categories", partition_key="category")
        self._categories.add_global_secondary_index(
            index_name="listing-index", partition_key=_string("listing"), sort_key=_string("category")
        )
        self._images()
        self._get()
        self._api()

    def _products_table(self) -> ServiceTable:
        products = ServiceTable(self, "Products", partition_key="productId", expires=True, streams=True)
        # Both indexes are sparse: only what shoppers see has their keys.
        products.add_global_secondary_index(index_name="category-index", partition_key=_string("category"))
        products.add_global_secondary_index(
            index_name="listing-index",
            partition_key=_string("listing"),
            sort_key=_string("listedAt"),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["product"],
        )
        products.with_outbox_relay()
        self.publish("products-table", products.table_name)
        self.publish("products-stream-arn", str(products.table_stream_arn))
        return products

    def _images(self) -> None:
        bucket = s3.Bucket(
            self,
            "Images",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            # The emulator speaks plain HTTP.
            enforce_ssl=not self.stage.emulated,
            versioned=self.stage.keeps_data,
            removal_policy=self.stage.removal_policy,
        )
        # The shop's distribution is of another stack, and only a bucket's owner writes its policy.
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                actions=["s3:GetObject"],
                resources=[bucket.arn_for_objects("*")],
                conditions={"StringEquals": {"AWS:SourceAccount": self.account}},
            )
        )
        self.publish("image-bucket", bucket.bucket_name)

    def _environment(self) -> dict[str, str]:
        return {"PRODUCTS_TABLE": self._products.table_name, "CATEGORIES_TABLE": self._categories.table_name}

    def _get(self) -> None:
        function = ServiceFunction(
            self, "get", handler="services.catalog.commands:get", environment=self._environment()
        )
        self._products.grant(function, "dynamodb:BatchGetItem")
        self.publish("get-arn", function.function_arn)

    def _api(self) -> None:
        function = ServiceFunction(
            self,
            "api",
            handler="services.catalog.api:api",
            environment=self._environment(),
            # An import of 500 rows may take as long as the API waits.
            timeout=Duration.seconds(29),
        )
        self._products.grant(
            function, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem"
        )
        self._categories.grant(function, "dynamodb:Query", "dynamodb:UpdateItem")
        routes = Routes(self, function)
        routes.add("GET /products", "GET /products/{productId}", "GET /categories", access=Access.ANYONE)
        routes.add(
            "POST /products",
            "POST /products/import",
            "PUT /products/{productId}",
            "DELETE /products/{productId}",
            access=Access.SIGNED_IN,
        )


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)

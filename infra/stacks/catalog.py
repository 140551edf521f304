"""The catalog stack: the Products and Categories tables, the image bucket, routes, and a command."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

LISTING_INDEX = "listing-index"
CATEGORY_INDEX = "category-index"


class CatalogStack(ServiceStack):
    """Owns products, categories and product images.

    Publishes ``products-table``, ``image-bucket``, ``get-arn``, and ``products-stream-arn``, which is for search's
    projector. With the outbox relay, the stream then has the two consumers that DynamoDB recommends at most.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "catalog", depends_on)
        self._products = self._create_products_table()
        self._categories = ServiceTable(self, "Categories", partition_key="category")
        self._categories.add_global_secondary_index(
            index_name=LISTING_INDEX,
            partition_key=_string_attribute("listing"),
            sort_key=_string_attribute("category"),
        )
        self._images = self._create_image_bucket()
        self._add_get_command()
        self._add_routes()

    def _create_products_table(self) -> ServiceTable:
        products = ServiceTable(self, "Products", partition_key="productId", expires=True, streams=True)
        # The category's index is sparse: only products that shoppers may see have its key. The other has every status.
        products.add_global_secondary_index(index_name=CATEGORY_INDEX, partition_key=_string_attribute("category"))
        products.add_global_secondary_index(
            index_name=LISTING_INDEX,
            partition_key=_string_attribute("listing"),
            sort_key=_string_attribute("listedAt"),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["product"],
        )
        products.add_outbox_relay()
        self.publish_parameter("products-table", products.table_name)
        self.publish_parameter("products-stream-arn", str(products.table_stream_arn))
        return products

    def _create_image_bucket(self) -> PrivateBucket:
        # The policy names the distribution that may read, which the web stack creates.
        bucket = PrivateBucket(self, "Images", self.stage, versioned=self.stage.retain_data, policy_elsewhere=True)
        # Staff's browsers post pictures by a form that is signed for one object; a page of another origin has none.
        bucket.add_cors_rule(allowed_methods=[s3.HttpMethods.POST], allowed_origins=["*"], max_age=3600)
        self.publish_parameter("image-bucket", bucket.bucket_name)
        return bucket

    def _environment(self) -> dict[str, str]:
        return {"PRODUCTS_TABLE": self._products.table_name, "CATEGORIES_TABLE": self._categories.table_name}

    def _add_get_command(self) -> None:
        function = ServiceFunction(
            self, "get", handler="services.catalog.commands:get", environment=self._environment()
        )
        self._products.grant(function, "dynamodb:BatchGetItem")
        self.publish_parameter("get-arn", function.function_arn)

    def _add_routes(self) -> None:
        routes = HttpRoutes(self, self._create_api())
        routes.add("GET /products", "GET /products/{productId}", "GET /categories", access=Access.PUBLIC)
        routes.add(
            "POST /products",
            "POST /products/import",
            "PUT /products/{productId}",
            "DELETE /products/{productId}",
            "POST /products/images",
            "GET /staff/products",
            "GET /staff/products/{productId}",
            access=Access.AUTHENTICATED,
            function=self._create_staff_api(),
        )

    def _create_api(self) -> ServiceFunction:
        function = ServiceFunction(self, "api", handler="services.catalog.api:api", environment=self._environment())
        self._products.grant(function, "dynamodb:GetItem")
        self._products.grant_query(function, LISTING_INDEX, CATEGORY_INDEX)
        self._categories.grant_query(function, LISTING_INDEX)
        return function

    def _create_staff_api(self) -> ServiceFunction:
        function = ServiceFunction(
            self,
            "staff-api",
            handler="services.catalog.staff_api:api",
            environment={**self._environment(), "IMAGE_BUCKET": self._images.bucket_name},
            dependencies="catalog",
            # An import of 500 rows may take as long as API Gateway waits.
            timeout=Duration.seconds(29),
            # Several pictures are held at once.
            memory=1024,
        )
        self._products.grant(function, "dynamodb:BatchGetItem", "dynamodb:PutItem")
        self._products.grant_query(function, LISTING_INDEX)
        self._categories.grant(function, "dynamodb:UpdateItem")
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["s3:PutObject"],
                resources=[self._images.arn_for_objects(f"images/{origin}/*") for origin in ("imported", "uploaded")],
            )
        )
        return function


def _string_attribute(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)

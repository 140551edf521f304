"""Search in moto's DynamoDB and S3, and products to put into it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bus.attribute_values import from_item
from schemas.catalog import ProductSnapshot
from schemas.contract import Money
from services.search.document import ProductDocument
from services.search.store import SearchProductStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "SearchProducts"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def snapshot(product_id: str = "mug", **said: Any) -> ProductSnapshot:
    """Return a product of the catalog; takes what differs from a mug of $22.00."""
    given = {
        "product_id": product_id,
        "name": "Stoneware Mug",
        "description": "Cream above, blue below.",
        "category": "coffee-and-tea",
        "brand": "Culverhay Pottery",
        "price": Money(amount=2200),
        "image_url": f"/images/{product_id}.svg",
        "status": "ACTIVE",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return ProductSnapshot.model_validate(given | said)


def plain(product_id: str = "mug", **said: Any) -> dict[str, Any]:
    """Return a product as the table and the index hold it."""
    return snapshot(product_id, **said).model_dump(mode="json", exclude_none=True)


def document(product_id: str = "mug", *, revision: int = 1, available: int = 5, **said: Any) -> ProductDocument:
    """Return the document of a product that is shown."""
    return ProductDocument(product_id, revision, plain(product_id, **said), available, sequence=1)


@pytest.fixture(scope="module")
def endpoint() -> Iterator["DynamoDBClient"]:
    # One client a module: to make one takes longer than a test.
    with mock_aws():
        yield boto3.client("dynamodb")


@pytest.fixture
def products(endpoint: "DynamoDBClient") -> Iterator[SearchProductStore]:
    endpoint.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "productId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "productId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield SearchProductStore(endpoint, TABLE)
    endpoint.delete_table(TableName=TABLE)


@pytest.fixture
def held(products: SearchProductStore) -> Callable[[str], ProductDocument | None]:
    """Return what the table holds of a product."""

    def read(product_id: str) -> ProductDocument | None:
        return products.documents([product_id]).get(product_id)

    return read


@pytest.fixture
def item(products: SearchProductStore, endpoint: "DynamoDBClient") -> Callable[[str], dict[str, Any]]:
    """Return the stored item of a product."""

    def read(product_id: str) -> dict[str, Any]:
        return from_item(endpoint.get_item(TableName=TABLE, Key={"productId": {"S": product_id}})["Item"])

    return read

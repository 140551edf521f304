"""The catalog in moto's DynamoDB."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock
from urllib.parse import urlencode

import boto3
import pytest
from moto import mock_aws

from bus.context import Context, use_context
from bus.optimistic_locking import RetryPolicy
from bus.outbox import new_entries
from schemas.contract import Money
from services.catalog import api as reading
from services.catalog import staff_api as routes
from services.catalog.bulk_import import import_products, parse_body
from services.catalog.decisions import apply_decisions
from services.catalog.domain import ProductChange, create
from services.catalog.import_report import ImportReport
from services.catalog.pictures import Picture, PictureNotFetchedError, PictureSettings, PictureStore
from services.catalog.product_input import NewProduct
from services.catalog.store import CATEGORY_INDEX, LISTING_INDEX, CatalogSettings, CatalogStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PRODUCTS = "Products"
CATEGORIES = "Categories"

Seed = Callable[..., ProductChange]
Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request")) as context:
        yield context


@pytest.fixture(scope="module")
def endpoint() -> Iterator["DynamoDBClient"]:
    # One client a module: to make one takes longer than a test.
    with mock_aws():
        yield boto3.client("dynamodb")


@pytest.fixture
def dynamodb(endpoint: "DynamoDBClient") -> Iterator["DynamoDBClient"]:
    _table(endpoint, PRODUCTS, "productId", {CATEGORY_INDEX: ["category"], LISTING_INDEX: ["listing", "listedAt"]})
    _table(endpoint, CATEGORIES, "category", {LISTING_INDEX: ["listing", "category"]})
    yield endpoint
    for name in endpoint.list_tables()["TableNames"]:
        endpoint.delete_table(TableName=name)


@pytest.fixture
def store(dynamodb: "DynamoDBClient") -> CatalogStore:
    return CatalogStore(dynamodb, CatalogSettings(PRODUCTS_TABLE=PRODUCTS, CATEGORIES_TABLE=CATEGORIES))


@pytest.fixture
def seed(store: CatalogStore) -> Seed:
    """Create a product; takes what differs from a lamp of 24.50."""

    def seeded(product_id: str = "lamp", now: datetime = NOW, **said: Any) -> ProductChange:
        decide = partial(create, product_id, details(**said), None, now)
        (change,) = apply_decisions(store, {product_id: decide})
        return change

    return seeded


@pytest.fixture
def pictures() -> PictureStore:
    """Pictures of hosts of which none can be reached."""

    def unreachable(address: str) -> Picture:
        raise PictureNotFetchedError("the host cannot be reached")

    return PictureStore(Mock, PictureSettings(IMAGE_BUCKET="pictures"), unreachable)


@pytest.fixture
def call(store: CatalogStore, pictures: PictureStore, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Send a request as the shared API does; by default of the staff."""
    monkeypatch.setattr(reading, "store", lambda: store)
    monkeypatch.setattr(routes, "store", lambda: store)
    monkeypatch.setattr(routes, "pictures", lambda: pictures)
    monkeypatch.setattr(routes, "apply_decisions", partial(apply_decisions, retry=RetryPolicy(seconds=0, attempts=1)))

    def send(
        route: str, body: object = None, groups: str = "[staff]", headers: Mapping[str, str] | None = None, **query: str
    ) -> tuple[int, dict[str, Any]]:
        method, path = route.split(" ")
        event = {
            "version": "2.0",
            "routeKey": route,
            "rawPath": path,
            "rawQueryString": urlencode(query),
            "headers": {"content-type": "application/json", **(headers or {})},
            "requestContext": {
                "http": {"method": method, "path": path},
                "stage": "$default",
                "authorizer": {"jwt": {"claims": {"sub": "grace", "cognito:groups": groups}}},
            },
            "body": body if isinstance(body, str) or body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = (reading if method == "GET" and not path.startswith("/api/staff/") else routes).api(event, None)
        return answer["statusCode"], json.loads(answer["body"]) if answer["body"] else {}

    return send


def import_rows(store: CatalogStore, rows: Sequence[object], now: datetime, dry_run: bool = False) -> ImportReport:
    """Import rows of JSON."""
    return import_products(store, parse_body(json.dumps(rows).encode()), now, dry_run)


def details(**said: Any) -> NewProduct:
    return NewProduct.model_validate({"name": "Lamp", "category": "lighting", "price": Money(amount=2450)} | said)


def events(dynamodb: "DynamoDBClient", product_id: str) -> list[Mapping[str, Any]]:
    """Return what the last write of a product has put into its outbox, read as the relay reads it."""
    item = dynamodb.get_item(TableName=PRODUCTS, Key={"productId": {"S": product_id}})["Item"]
    return [json.loads(entry.detail) for entry in new_entries({}, item)]


def _table(client: "DynamoDBClient", name: str, key: str, indexes: dict[str, list[str]]) -> None:
    attributes = {key, *(attribute for keys in indexes.values() for attribute in keys)}
    client.create_table(
        TableName=name,
        KeySchema=_keys(key),
        AttributeDefinitions=[{"AttributeName": attribute, "AttributeType": "S"} for attribute in sorted(attributes)],
        GlobalSecondaryIndexes=[
            {"IndexName": index, "KeySchema": _keys(*keys), "Projection": {"ProjectionType": "ALL"}}
            for index, keys in indexes.items()
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def _keys(partition: str, *sort: str) -> "list[KeySchemaElementTypeDef]":
    keys: list[KeySchemaElementTypeDef] = [{"AttributeName": partition, "KeyType": "HASH"}]
    return keys + [{"AttributeName": name, "KeyType": "RANGE"} for name in sort]

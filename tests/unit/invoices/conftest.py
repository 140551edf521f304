"""Invoices in moto's DynamoDB and S3, orders in memory, and a renderer that writes its values as text."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bus.context import Context, use_context
from bus.erased_users import ErasedUsers
from bus.items_of_user import USER_INDEX
from bus.outbox import OutboxEntry
from schemas.contract import Line, Money
from services.invoices import dependencies, events
from services.invoices.document_files import DocumentFiles
from services.invoices.domain import InvoicedOrder, Invoicing, IssuedDocument
from services.invoices.issuing import Issuing
from services.invoices.store import InvoiceStore
from tests.unit.erased import create_erased_users

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

TABLE, NUMBERS, BUCKET = "Invoices", "InvoiceNumbers", "documents"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECIPIENT = ["Ada L.", "1 Analytical Way", "N1 9GU London", "GB"]


class OrdersInMemory:
    """The orders that invoices asks for, all of shopper ada."""

    def __init__(self) -> None:
        self.recipient_lines = RECIPIENT
        self.asked = 0

    def find(self, order_id: str, user_id: str) -> InvoicedOrder | None:
        self.asked += 1
        return an_order(order_id) if user_id == "ada" and order_id != "unknown" else None

    def recipient(self, order_id: str, user_id: str) -> list[str]:
        return self.recipient_lines


def an_order(order_id: str = "order-1") -> InvoicedOrder:
    return InvoicedOrder(
        order_id=order_id,
        lines=[Line(product_id="lamp", name="Lamp", quantity=2, unit_price=Money(amount=2450))],
        subtotal=Money(amount=4900),
        shipping=Money(amount=599),
        total=Money(amount=5499),
        placed_at=NOON,
    )


def render_as_text(invoicing: Invoicing, document: IssuedDocument, recipient: list[str]) -> bytes:
    return json.dumps([document.number, document.total.amount, *recipient]).encode()


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request", causation_id="the-parcel")) as context:
        yield context


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def dynamodb(aws: None) -> "DynamoDBClient":
    client = boto3.client("dynamodb")
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "orderId", "AttributeType": "S"},
            {"AttributeName": "userId", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": USER_INDEX,
                "KeySchema": [{"AttributeName": "userId", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    client.create_table(
        TableName=NUMBERS,
        KeySchema=[{"AttributeName": "series", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "series", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


@pytest.fixture
def s3(aws: None) -> "S3Client":
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


@pytest.fixture
def erased_users(dynamodb: "DynamoDBClient") -> ErasedUsers:
    return create_erased_users(dynamodb)


@pytest.fixture
def store(dynamodb: "DynamoDBClient", erased_users: ErasedUsers) -> InvoiceStore:
    return InvoiceStore(dynamodb, TABLE, lambda: NUMBERS, lambda: erased_users, now=NOON.timestamp)


@pytest.fixture
def orders() -> OrdersInMemory:
    return OrdersInMemory()


@pytest.fixture
def issuing(
    store: InvoiceStore,
    s3: "S3Client",
    orders: OrdersInMemory,
    erased_users: ErasedUsers,
    monkeypatch: pytest.MonkeyPatch,
) -> Issuing:
    issuing = Issuing(store, DocumentFiles(s3, BUCKET), orders, lambda: erased_users, render_as_text)  # type: ignore[arg-type]
    for module in (dependencies, events):
        monkeypatch.setattr(module, "issuing", lambda: issuing)
    return issuing


@pytest.fixture
def pdf(s3: "S3Client") -> Callable[[str], list[Any]]:
    """Return what the PDF of a number says: its number, its amount, its recipient."""

    def pdf(number: str) -> list[Any]:
        said: list[Any] = json.loads(s3.get_object(Bucket=BUCKET, Key=f"{number}.pdf")["Body"].read())
        return said

    return pdf


@pytest.fixture
def raised(dynamodb: "DynamoDBClient") -> Callable[[str], list[OutboxEntry]]:
    """Return the events that the last write of an order's documents raised."""

    def raised(order_id: str) -> list[OutboxEntry]:
        item = dynamodb.get_item(TableName=TABLE, Key={"orderId": {"S": order_id}})["Item"]
        return [OutboxEntry.model_validate(entry) for entry in json.loads(item["outbox"]["S"])]

    return raised

"""Parcels that leave at once: invoices in threads, on the emulator's DynamoDB. No number twice, and no gap."""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

import boto3
import pytest
from botocore.config import Config

from bus.context import Context, use_context
from bus.erased_users import ErasedUsers
from bus.optimistic_locking import RetryPolicy
from schemas.contract import Money
from services.invoices.domain import Refund
from services.invoices.issuing import Issuing
from services.invoices.store import InvoiceStore
from tests.deadlines import DEADLINE_SECONDS
from tests.unit.invoices.conftest import NOON, OrdersInMemory, render_as_text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class Emulator(Protocol):
    """What a race needs to know of the emulator."""

    endpoint_url: str


class FilesInMemory:
    """The PDFs by number."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def store(self, number: str, pdf: bytes) -> None:
        self.files[number] = pdf


@pytest.fixture
def dynamodb(emulator: Emulator) -> Iterator["DynamoDBClient"]:
    client = boto3.client(
        "dynamodb",
        endpoint_url=emulator.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(max_pool_connections=64, retries={"mode": "standard", "total_max_attempts": 3}),
    )
    yield client
    client.close()


@pytest.fixture
def files() -> FilesInMemory:
    return FilesInMemory()


@pytest.fixture
def issuing(dynamodb: "DynamoDBClient", files: FilesInMemory) -> Iterator[Issuing]:
    run = uuid.uuid4().hex[:8]
    keys = {"Invoices": "orderId", "InvoiceNumbers": "series", "ErasedUsers": "userId"}
    tables = {name: f"race-{run}-{name}" for name in keys}
    for name, key in keys.items():
        dynamodb.create_table(
            TableName=tables[name],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    erased = ErasedUsers(dynamodb, tables["ErasedUsers"])
    # Patient, for this machine may be busy with other tests.
    store = InvoiceStore(
        dynamodb,
        tables["Invoices"],
        lambda: tables["InvoiceNumbers"],
        lambda: erased,
        now=NOON.timestamp,
        retry=RetryPolicy(seconds=30),
    )
    yield Issuing(store, files, OrdersInMemory(), lambda: erased, render_as_text)  # type: ignore[arg-type]
    for table in tables.values():
        dynamodb.delete_table(TableName=table)


def at_once(*deeds: Callable[[], None]) -> None:
    line = threading.Barrier(len(deeds))

    def run(deed: Callable[[], None]) -> None:
        line.wait(timeout=DEADLINE_SECONDS)
        with use_context(Context(correlation_id="race", causation_id=uuid.uuid4().hex)):
            deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(run, deeds))


def test_parcels_of_many_orders_at_once_are_numbered_without_gap_and_once_each(
    issuing: Issuing, files: FilesInMemory
) -> None:
    # Of each order two parcels, or a delivery that comes twice.
    at_once(*(lambda order=f"order-{n % 8}": issuing.invoice(order, "ada", NOON) for n in range(16)))

    assert sorted(files.files) == [f"INV-2026-{count:06}" for count in range(1, 9)]


def test_a_parcel_and_refunds_at_once_bring_each_document_once(issuing: Issuing, files: FilesInMemory) -> None:
    refund = Refund(amount=Money(amount=100), refunded_at=NOON)

    at_once(
        lambda: issuing.invoice("order-1", "ada", NOON),
        *(lambda n=n: issuing.record_refund("order-1", "ada", f"refund-{n % 3}", refund) for n in range(6)),
    )

    assert sorted(files.files) == ["CN-2026-000001", "CN-2026-000002", "CN-2026-000003", "INV-2026-000001"]

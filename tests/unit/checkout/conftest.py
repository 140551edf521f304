"""Checkouts in moto's DynamoDB."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from bus.context import Context, use_context
from schemas.commands import ShippingAddress
from schemas.contract import Line, Money
from services.checkout.domain import Checkout, CheckoutStatus, Quote, RecordedRequest, order_id_for, request_fingerprint
from services.checkout.store import COMPENSATING_INDEX, OPEN_INDEX, CheckoutStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "Checkouts"
KEY = "a-key-of-the-browser"


class Clock:
    """A time that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request", causation_id="the-payment")) as context:
        yield context


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "orderId", "AttributeType": "S"},
                {"AttributeName": "status", "AttributeType": "S"},
                {"AttributeName": "compensatingSince", "AttributeType": "N"},
                {"AttributeName": "open", "AttributeType": "S"},
                {"AttributeName": "leaseUntil", "AttributeType": "N"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": name,
                    "KeySchema": [
                        {"AttributeName": hash_key, "KeyType": "HASH"},
                        {"AttributeName": range_key, "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
                for name, hash_key, range_key in (
                    (COMPENSATING_INDEX, "status", "compensatingSince"),
                    (OPEN_INDEX, "open", "leaseUntil"),
                )
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


@pytest.fixture
def store(dynamodb: "DynamoDBClient", clock: Clock) -> CheckoutStore:
    return CheckoutStore(dynamodb, TABLE, clock)


@pytest.fixture
def request_of_ada() -> RecordedRequest:
    return RecordedRequest(
        payment_method_id="pm_card_visa",
        shipping_address=ShippingAddress(name="A", line1="B", city="C", postal_code="N1 9GU", country="GB"),
        expected_total=Money(amount=5499),
    )


@pytest.fixture
def quote() -> Quote:
    return Quote(
        lines=[Line(product_id="lamp", name="Lamp", quantity=2, unit_price=Money(amount=2450))],
        subtotal=Money(amount=4900),
        shipping=Money(amount=599),
        total=Money(amount=5499),
        sequence=3,
    )


@pytest.fixture
def checkout(request_of_ada: RecordedRequest, quote: Quote) -> Checkout:
    return Checkout(
        order_id=order_id_for("ada", KEY),
        user_id="ada",
        fingerprint=request_fingerprint(request_of_ada),
        status=CheckoutStatus.RUNNING,
        lease_until=0,
        request=request_of_ada,
        quote=quote,
        correlation_id="the-request",
    )

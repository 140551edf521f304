"""Payments in moto's DynamoDB."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from bus.context import Context, use_context
from schemas.contract import Money
from services.payment.domain import Payment, PaymentIntent, PaymentStatus
from services.payment.store import PaymentStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "Payments"


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request")) as context:
        yield context


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "orderId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


@pytest.fixture
def store(dynamodb: "DynamoDBClient") -> PaymentStore:
    return PaymentStore(dynamodb, TABLE)


@pytest.fixture
def pending() -> Payment:
    return Payment(
        order_id="order-1",
        status=PaymentStatus.PENDING,
        opened_at=1_800_000_000,
        attempted_at=1_800_000_000,
        user_id="ada",
        amount=Money(amount=5499),
        payment_method_id="pm_card_visa",
        correlation_id="the-request",
    )


@pytest.fixture
def succeeded() -> PaymentIntent:
    return PaymentIntent(
        intent_id="pi_1",
        status="succeeded",
        order_id="order-1",
        user_id="ada",
        amount=Money(amount=5499),
        correlation_id="the-request",
    )

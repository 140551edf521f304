"""Orders in moto's DynamoDB."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from bus.context import Context, use_context
from bus.erased_users import ErasedUsers
from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from services.orders.order_search import OrderSearch
from services.orders.store import OrderStore
from tests.unit.erased import create_erased_users
from tests.unit.order_search import create_order_search
from tests.unit.orders_table import TABLE, create_orders_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture(autouse=True)
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request", causation_id="the-payment")) as context:
        yield context


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb")
        create_orders_table(client)
        yield client


@pytest.fixture
def erased_users(dynamodb: "DynamoDBClient") -> ErasedUsers:
    return create_erased_users(dynamodb)


@pytest.fixture
def order_search(dynamodb: "DynamoDBClient") -> OrderSearch:
    return create_order_search(dynamodb)


@pytest.fixture
def store(dynamodb: "DynamoDBClient", order_search: OrderSearch, erased_users: ErasedUsers) -> OrderStore:
    return OrderStore(dynamodb, TABLE, lambda: order_search, lambda: erased_users)


@pytest.fixture
def place_order() -> PlaceOrder:
    return PlaceOrder(
        order_id="order-1",
        user_id="ada",
        lines=[Line(product_id="lamp", name="Lamp", quantity=2, unit_price=Money(amount=2450))],
        subtotal=Money(amount=4900),
        shipping=Money(amount=599),
        total=Money(amount=5499),
        shipping_address=ShippingAddress(
            name="Ada L.", line1="1 Analytical Way", city="London", postal_code="N1 9GU", country="GB"
        ),
        payment_intent_id="pi_1",
    )

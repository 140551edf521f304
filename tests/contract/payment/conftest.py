"""The payment service between moto's AWS and the Stripe stand-in."""

import json
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import httpx
import pytest
import stripe
from moto import mock_aws

from bus import clients
from services.payment import dependencies, events
from services.payment.store import DUE_INDEX
from tests.contract.payment.shop import Endpoint, Order
from tests.contract.stripe.standin import KEY, SECRET, Control, Server, serving
from tests.rejections import record_rejections

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.client import DynamoDBStreamsClient

TABLE = "Payments"
SECRET_ID = "ecom67/test/stripe"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("stripe")) as running:
        yield running


@pytest.fixture
def stripe_http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        http.post("/_reset")
        http.post("/_config/webhooks", json={"url": None})
        yield http


@pytest.fixture
def control(stripe_http: httpx.Client) -> Control:
    return Control(stripe_http)


@pytest.fixture
def stripe_api(server: Server) -> stripe.StripeClient:
    """The official client in the hands of staff: Stripe's dashboard."""
    return stripe.StripeClient(KEY, base_addresses={"api": server.url})


@pytest.fixture(scope="module")
def stream_arn(server: Server) -> Iterator[str]:
    """AWS with a Payments table and Stripe's secret, and the handlers wired to it; gives the table's stream."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("PAYMENTS_TABLE", TABLE)
        patch.setenv("STRIPE_SECRET", SECRET_ID)
        # moto reaches those sessions only that were made after it.
        patch.setattr(clients, "_session", botocore.session.get_session())
        _forget()
        _make_atomic(patch)
        patch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
        keys = {"apiKey": KEY, "webhookSecret": SECRET, "apiBase": server.url}
        boto3.client("secretsmanager").create_secret(Name=SECRET_ID, SecretString=json.dumps(keys))
        yield _payments_table()
    _forget()


def _payments_table() -> str:
    table = boto3.client("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "orderId", "AttributeType": "S"},
            {"AttributeName": "status", "AttributeType": "S"},
            {"AttributeName": "refundDueAt", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": DUE_INDEX,
                "KeySchema": [
                    {"AttributeName": "status", "KeyType": "HASH"},
                    {"AttributeName": "refundDueAt", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return table["TableDescription"]["LatestStreamArn"]


def _forget() -> None:
    clients.client.cache_clear()
    for name in ("gateway", "store", "charge_service", "refund_service", "webhook_handler"):
        getattr(dependencies, name).cache_clear()


def _make_atomic(patch: pytest.MonkeyPatch) -> None:
    """Make the calls of DynamoDB atomic, as AWS's are; moto's are not between threads."""
    dynamodb = clients.dynamodb()
    lock, call = threading.Lock(), dynamodb._make_api_call  # type: ignore[attr-defined]

    def one_at_a_time(*args: Any) -> Any:
        with lock:
            return call(*args)

    patch.setattr(dynamodb, "_make_api_call", one_at_a_time)


@pytest.fixture(scope="module")
def streams(stream_arn: str) -> "DynamoDBStreamsClient":
    return boto3.client("dynamodbstreams")


@pytest.fixture
def order(stream_arn: str, streams: "DynamoDBStreamsClient", stripe_http: httpx.Client) -> Order:
    return Order(streams, stream_arn, stripe_http)


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the rests that the rate limit of Stripe has caused, in seconds; none of them is waited for."""
    slept: list[float] = []
    for service in (dependencies.refund_service(), dependencies.charge_service()):
        monkeypatch.setattr(service, "_sleep", slept.append)
    return slept


@pytest.fixture
def rejections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the reasons with which the consumer's events went to quarantine."""
    return record_rejections(events.consumer, monkeypatch)


@pytest.fixture
def endpoint(order: Order, control: Control) -> Iterator[Endpoint]:
    """The webhook endpoint, to which Stripe delivers from now on."""
    listening = Endpoint()
    control.webhooks(url=listening.url)
    yield listening
    control.webhooks(url=None)
    listening.close()

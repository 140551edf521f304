"""AWS clients, created by botocore.

``import boto3`` loads the resource layer and s3transfer, which no function uses and which are a sixth of its start-up
time. The clients are the same classes.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_session = botocore.session.get_session()

# The modes "standard" and "adaptive" keep a quota of retries for each client. A failed retry takes up to 14 of its 500
# units and a success gives one back, so in a warm function a call has one attempt after some 17 failed calls. "legacy"
# retries the same errors without a quota.
_CONFIG = Config(connect_timeout=2, read_timeout=10, retries={"mode": "legacy", "total_max_attempts": 3})


@cache
def client(service: str, config: Config | None = None, endpoint_url: str | None = None) -> Any:
    """Return the client of an AWS service, cached for the process.

    Parameters:
        service: botocore's name of the service, such as ``"events"``.
        config: overrides the defaults: 2 s to connect, 10 s to answer, 3 attempts of each call.
        endpoint_url: address of a service that has none of its own, such as the API behind a WebSocket.
    """
    settings = _CONFIG.merge(config) if config else _CONFIG
    return _session.create_client(service, config=settings, endpoint_url=endpoint_url)


def session() -> botocore.session.Session:
    """Return the session of all clients; what is registered with it holds for clients that are created later."""
    return _session


def dynamodb() -> "DynamoDBClient":
    """Return the DynamoDB client."""
    return client("dynamodb")  # type: ignore[no-any-return]

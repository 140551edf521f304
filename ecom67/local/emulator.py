"""AWS on the local stage: clients of the emulator, and the stage's parameters."""

from functools import cache
from typing import Any

import botocore.session
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from ecom67.base.errors import CliError
from ecom67.base.parameters import published_parameters
from ecom67.base.stage_names import LOCAL, parameter_prefix
from ecom67.local.stage_paths import REGION, StagePaths

ACCESS_KEY = "test"
"""Key and secret of the account's owner, who may do everything."""
_CREDENTIALS = Credentials(ACCESS_KEY, ACCESS_KEY)
_CONFIG = Config(connect_timeout=2, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 2}, proxies={})


@cache
def client(endpoint_url: str, service: str) -> Any:
    """Return the client of an AWS service on an emulator.

    Parameters:
        endpoint_url: URL of the emulator.
        service: botocore name of the service, such as ``"sqs"``.
    """
    return _session().create_client(
        service,
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=_CREDENTIALS.access_key,
        aws_secret_access_key=_CREDENTIALS.secret_key,
        config=_CONFIG,
    )


def published(endpoint_url: str) -> dict[str, str]:
    """Return the parameters that the stacks have published: ``{"edge/api-id": …}``.

    Raises CliError where the emulator does not answer.
    """
    try:
        return published_parameters(client(endpoint_url, "ssm"), LOCAL)
    except (BotoCoreError, ClientError) as error:
        raise CliError("The AWS emulator does not answer. Start the local stage with `make up`.") from error


def put_parameter(paths: StagePaths, name: str, value: str) -> None:
    """Store a value of the runner among the stage's parameters, so that it shares the lifetime of the stage's data."""
    client(paths.emulator_url, "ssm").put_parameter(
        Name=f"{parameter_prefix(LOCAL)}{name}", Value=value, Type="String", Overwrite=True
    )


def sign_s3(method: str, url: str) -> dict[str, str]:
    """Return the headers that sign a request to S3 without a body.

    Parameters:
        method: of the request.
        url: of the request, with its query.
    """
    request = AWSRequest(method=method, url=url)
    S3SigV4Auth(_CREDENTIALS, "s3", REGION).add_auth(request)
    return dict(request.headers.items())


@cache
def _session() -> botocore.session.Session:
    # One session for all clients: its loader caches the service models.
    return botocore.session.get_session()

"""AWS as the local stage means it: clients of its emulator, and what its stacks have published."""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ecom67.base.errors import CliError
from ecom67.base.stage_names import LOCAL
from ecom67.local.stage_paths import REGION, StagePaths

PARAMETERS = f"/ecom67/{LOCAL}/"

_CONFIG = Config(connect_timeout=2, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 2}, proxies={})


@cache
def client(endpoint_url: str, service: str) -> Any:
    """Return the client of one AWS service of an emulator.

    Parameters:
        endpoint_url: where the emulator is.
        service: botocore's name of the service, such as ``"sqs"``.
    """
    return _session().create_client(
        service,
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator takes any
        config=_CONFIG,
    )


def published(endpoint_url: str) -> dict[str, str]:
    """Return what the stacks have published: ``{"edge/api-id": …}``; raises CliError where the emulator is away."""
    try:
        pages = client(endpoint_url, "ssm").get_paginator("get_parameters_by_path")
        return {
            parameter["Name"].removeprefix(PARAMETERS): parameter["Value"]
            for page in pages.paginate(Path=PARAMETERS, Recursive=True)
            for parameter in page["Parameters"]
        }
    except (BotoCoreError, ClientError) as error:
        raise CliError("The AWS emulator does not answer. Start the local stage with `make up`.") from error


def publish(paths: StagePaths, name: str, value: str) -> None:
    """Note something with the stage's data, so that it is forgotten and kept together with them."""
    client(paths.emulator_url, "ssm").put_parameter(
        Name=f"{PARAMETERS}{name}", Value=value, Type="String", Overwrite=True
    )


@cache
def _session() -> botocore.session.Session:
    # Its loader keeps the service models that it has read.
    return botocore.session.get_session()

"""The personal data that the other services store, collected for an export.

A service that stores personal data publishes the ARN of a command as ``export-arn``. The command takes
``{"userId"}`` and returns any JSON object. Identity looks the commands up at each request, so a new
service joins the export without a change here.
"""

from typing import TYPE_CHECKING, Any

from bus.invocation import invoke_command
from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_ssm.client import SSMClient

EXPORT_PARAMETER = "export-arn"


class ExportSettings(Settings):
    """Environment of the function that serves exports: services publish their commands below this path."""

    parameters_path: str


class ExportCollector:
    """Collects a person's data from all services that store some.

    Parameters:
        ssm: the SSM client.
        lambda_client: the Lambda client.
        path: the path below which services publish, ``/ecom67/<stage>/``, with the trailing slash.
    """

    def __init__(self, ssm: "SSMClient", lambda_client: "LambdaClient", path: str) -> None:
        self._ssm = ssm
        self._lambda = lambda_client
        self._path = path

    def collect(self, user_id: str) -> dict[str, Any]:
        """Return what each service stores of a person, by the name of the service.

        Raises CommandFailedError if one service fails: an export is complete or an error.
        """
        return {
            service: invoke_command(self._lambda, arn, {"userId": user_id})
            for service, arn in sorted(self._commands().items())
        }

    def _commands(self) -> dict[str, str]:
        pages = self._ssm.get_paginator("get_parameters_by_path").paginate(Path=self._path, Recursive=True)
        parameters = ((parameter["Name"], parameter["Value"]) for page in pages for parameter in page["Parameters"])
        by_parts = ((name.removeprefix(self._path).split("/"), value) for name, value in parameters)
        return {parts[0]: value for parts, value in by_parts if parts[1:] == [EXPORT_PARAMETER]}

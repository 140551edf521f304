"""What the other services store of a person, gathered for an export.

A service that stores something publishes the ARN of a command as ``export-arn``. It takes
``{"userId"}`` and answers with any JSON object. Identity finds the commands when it is asked, so a
service that joins the shop joins the export without a change here.
"""

from typing import TYPE_CHECKING, Any

from bus.invocation import invoked
from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_ssm.client import SSMClient

PUBLISHED_AS = "export-arn"


class ExportSettings(Settings):
    """Where services publish their commands: ``/ecom67/<stage>/``."""

    parameters_path: str


class Shares:
    """The shares that other services have in an export.

    Parameters:
        ssm: the SSM client.
        lambda_client: the Lambda client.
        path: under which services publish, with a slash at its end.
    """

    def __init__(self, ssm: "SSMClient", lambda_client: "LambdaClient", path: str) -> None:
        self._ssm = ssm
        self._lambda = lambda_client
        self._path = path

    def of(self, user_id: str) -> dict[str, Any]:
        """Return what each service stores of a person, by the name of the service.

        Raises CommandFailedError where one cannot say: an export is whole or it is none.
        """
        given = {"userId": user_id}
        return {service: invoked(self._lambda, arn, given) for service, arn in sorted(self._commands().items())}

    def _commands(self) -> dict[str, str]:
        pages = self._ssm.get_paginator("get_parameters_by_path").paginate(Path=self._path, Recursive=True)
        found = ((parameter["Name"], parameter["Value"]) for page in pages for parameter in page["Parameters"])
        named = ((name.removeprefix(self._path).split("/"), value) for name, value in found)
        return {parts[0]: value for parts, value in named if parts[1:] == [PUBLISHED_AS]}

"""The commands of other services that identity invokes: what they store of a person, and which orders are unsent.

Identity is deployed before the others, so it looks their commands up at each request, by the name of the parameter
under which each service publishes its own. A new service joins without a change here.
"""

from typing import TYPE_CHECKING, Any

from bus.invocation import invoke_command
from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_ssm.client import SSMClient

EXPORT_PARAMETER = "export-arn"
UNSENT_ORDERS_PARAMETER = "unsent-orders-arn"


class ExportTooLargeError(Exception):
    """More is stored of the person than an answer can hold."""


class ServiceCommandsSettings(Settings):
    """Environment of the functions that invoke the commands: services publish them below this path."""

    parameters_path: str


class ServiceCommands:
    """Invokes the commands of other services about a person.

    Parameters:
        ssm: the SSM client.
        lambda_client: the Lambda client.
        path: the path below which services publish, ``/ecom67/<stage>/people/``, with the trailing slash.
    """

    def __init__(self, ssm: "SSMClient", lambda_client: "LambdaClient", path: str) -> None:
        self._ssm = ssm
        self._lambda = lambda_client
        self._path = path

    def collect(self, user_id: str, max_pages: int) -> dict[str, Any]:
        """Return what each service stores of a person, by the name of the service.

        Parameters:
            user_id: the person.
            max_pages: how many pages are read at most, of all services together.

        Raises CommandFailedError if one service fails, and ExportTooLargeError where there are more pages: an export is
        complete or an error.
        """
        collected: dict[str, Any] = {}
        pages = 0
        for service, arn in self.exporters():
            cursor: str | None = None
            while cursor or service not in collected:
                pages += 1
                if pages > max_pages:
                    raise ExportTooLargeError(user_id)
                page, cursor = self.read_page(arn, user_id, cursor)
                collected[service] = _merged(collected.get(service, {}), page)
        return collected

    def exporters(self) -> list[tuple[str, str]]:
        """Return the services that store something of people, by name, and the ARNs of their export commands."""
        return sorted(self._find(EXPORT_PARAMETER).items())

    def read_page(self, arn: str, user_id: str, cursor: str | None) -> tuple[dict[str, Any], str | None]:
        """Return a page of what a service stores of a person, and the cursor of the next page.

        Parameters:
            arn: of the service's export command.
            user_id: the person.
            cursor: of the page; None for the first one.

        Raises CommandFailedError.
        """
        given = {"userId": user_id, **({"cursor": cursor} if cursor else {})}
        page = invoke_command(self._lambda, arn, given)
        return page, page.pop("nextCursor", None)

    def unsent_orders(self, user_id: str) -> tuple[int, list[dict[str, Any]]]:
        """Return how many paid orders of a person are still to be sent, and the newest of them.

        Raises CommandFailedError.
        """
        count, orders = 0, []
        for arn in self._find(UNSENT_ORDERS_PARAMETER).values():
            outcome = invoke_command(self._lambda, arn, {"userId": user_id})
            count += outcome["count"]
            orders += outcome["orders"]
        return count, orders

    def _find(self, parameter_name: str) -> dict[str, str]:
        """Return the ARNs that are published under a name, by the name of the service."""
        pages = self._ssm.get_paginator("get_parameters_by_path").paginate(Path=self._path, Recursive=True)
        parameters = ((parameter["Name"], parameter["Value"]) for page in pages for parameter in page["Parameters"])
        by_parts = ((name.removeprefix(self._path).split("/"), value) for name, value in parameters)
        return {parts[0]: value for parts, value in by_parts if parts[1:] == [parameter_name]}


def _merged(before: dict[str, Any], page: dict[str, Any]) -> dict[str, Any]:
    """Return the pages of a service as one: their lists add up."""
    lists = {name: [*before.get(name, []), *value] for name, value in page.items() if isinstance(value, list)}
    return {**page, **before, **lists}

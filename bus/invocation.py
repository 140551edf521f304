"""Invokes commands of other services, by the ARNs that the stack reads from SSM."""

import json
from typing import TYPE_CHECKING, Any

from bus.context import current

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class CommandFailedError(RuntimeError):
    """A command failed instead of returning an outcome."""


def invoke_command(lambda_client: "LambdaClient", arn: str, given: dict[str, Any]) -> dict[str, Any]:
    """Invoke a command in the current context and return its outcome.

    Parameters:
        lambda_client: the Lambda client.
        arn: ARN of the command.
        given: its input as JSON, in camelCase.

    Raises CommandFailedError where the command fails.
    """
    answer = lambda_client.invoke(FunctionName=arn, Payload=command_message(given))
    outcome: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandFailedError(f"{arn.rpartition(':')[2]} failed: {outcome}")
    return outcome


def start_command(lambda_client: "LambdaClient", arn: str, given: dict[str, Any]) -> None:
    """Start a command in the current context without waiting for its outcome.

    Parameters:
        lambda_client: the Lambda client.
        arn: ARN of the command.
        given: its input as JSON, in camelCase.
    """
    lambda_client.invoke(FunctionName=arn, InvocationType="Event", Payload=command_message(given))


def command_message(given: dict[str, Any]) -> str:
    """Return the payload of a command as JSON: the current context and the input.

    Parameters:
        given: the input as JSON, in camelCase.
    """
    return json.dumps({"context": current().model_dump(mode="json", exclude_none=True), "input": given})

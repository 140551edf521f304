"""Invokes a command of another service, whose ARN the stack has read from SSM."""

import json
from typing import TYPE_CHECKING, Any

from bus.context import current

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class CommandFailedError(RuntimeError):
    """A command ended with a fault instead of an outcome."""


def invoked(lambda_client: "LambdaClient", arn: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the outcome of a command, which runs in the current context.

    Parameters:
        lambda_client: the Lambda client.
        arn: of the command.
        given: its input, in the names of its JSON.

    Raises CommandFailedError where it ended with a fault.
    """
    answer = lambda_client.invoke(FunctionName=arn, Payload=message_of(given))
    outcome: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandFailedError(f"{arn.rpartition(':')[2]} failed: {outcome}")
    return outcome


def started(lambda_client: "LambdaClient", arn: str, given: dict[str, Any]) -> None:
    """Start a command and do not wait for its outcome; parameters as those of ``invoked``."""
    lambda_client.invoke(FunctionName=arn, InvocationType="Event", Payload=message_of(given))


def message_of(given: dict[str, Any]) -> str:
    """Return what a command is invoked or queued with: its input, in the current context."""
    return json.dumps({"context": current().model_dump(mode="json", exclude_none=True), "input": given})

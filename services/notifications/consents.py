"""Who agreed to a reminder: asked of identity when it is sent, so that whoever has just objected gets none."""

from typing import TYPE_CHECKING

from bus.invocation import invoke_command

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class CartReminderConsents:
    """Asks identity whether a person wants to be reminded of a cart.

    Parameters:
        lambda_client: the Lambda client.
        command_arn: ARN of the command of identity.
    """

    def __init__(self, lambda_client: "LambdaClient", command_arn: str) -> None:
        self._lambda = lambda_client
        self._command_arn = command_arn

    def unsubscribe_token(self, user_id: str) -> str | None:
        """Return the token by which the person takes their consent back; None where they did not agree.

        Raises CommandFailedError where identity fails.
        """
        outcome = invoke_command(self._lambda, self._command_arn, {"userId": user_id})
        token = outcome.get("unsubscribeToken")
        return str(token) if token else None

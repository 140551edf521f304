"""The delivery addresses of orders: they are in the orders service alone, and on no bus and in no queue."""

from typing import TYPE_CHECKING

from bus.invocation import invoke_command
from schemas.commands import ShippingAddress

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class DeliveryAddressReader:
    """Reads where an order goes.

    Parameters:
        lambda_client: the Lambda client.
        command_arn: ARN of the command of orders.
    """

    def __init__(self, lambda_client: "LambdaClient", command_arn: str) -> None:
        self._lambda = lambda_client
        self._command_arn = command_arn

    def find(self, order_id: str, user_id: str) -> ShippingAddress | None:
        """Return the address; None where it was erased, or the order is not the shopper's.

        Parameters:
            order_id: the order.
            user_id: its shopper.

        Raises CommandFailedError where orders fails.
        """
        outcome = invoke_command(self._lambda, self._command_arn, {"orderId": order_id, "userId": user_id})
        if outcome["outcome"] != "FOUND":
            return None
        return ShippingAddress.model_validate(outcome["shippingAddress"], extra="ignore")

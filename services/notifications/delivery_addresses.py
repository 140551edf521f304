"""Where orders go, and the links that show them: both are in the orders service alone, on no bus and in no queue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bus.invocation import invoke_command
from schemas.commands import ShippingAddress

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


@dataclass(frozen=True, slots=True)
class OrderDelivery:
    """What an e-mail says of an order, and the bus does not.

    Attributes:
        address: where it goes.
        link_path: of a page of the shop that shows the order without signing in.
    """

    address: ShippingAddress
    link_path: str | None


class DeliveryAddressReader:
    """Reads where an order goes.

    Parameters:
        lambda_client: the Lambda client.
        command_arn: ARN of the command of orders.
    """

    def __init__(self, lambda_client: "LambdaClient", command_arn: str) -> None:
        self._lambda = lambda_client
        self._command_arn = command_arn

    def find(self, order_id: str, user_id: str) -> OrderDelivery | None:
        """Return the address and a new link; None where they were erased, or the order is not the shopper's.

        Parameters:
            order_id: the order.
            user_id: its shopper.

        Raises CommandFailedError where orders fails.
        """
        outcome = invoke_command(self._lambda, self._command_arn, {"orderId": order_id, "userId": user_id})
        if outcome["outcome"] != "FOUND":
            return None
        address = ShippingAddress.model_validate(outcome["shippingAddress"], extra="ignore")
        return OrderDelivery(address=address, link_path=outcome.get("orderLink"))

"""What returns asks of orders: which order it is about, and to end what was not sent."""

from typing import TYPE_CHECKING, Any

from bus.invocation import invoke_command
from bus.settings import Settings
from schemas.commands import ReturnableOrder

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class OrdersSettings(Settings):
    """Environment of the functions that ask for orders."""

    returnable_order_arn: str


class WithdrawSettings(Settings):
    """Environment of the functions that cancel orders as well."""

    withdraw_arn: str


class OrdersClient:
    """Asks orders by its commands.

    Parameters:
        lambda_client: the Lambda client.
        returnable_order_arn: ARN of the command that shows an order.
    """

    def __init__(self, lambda_client: "LambdaClient", returnable_order_arn: str) -> None:
        self._lambda = lambda_client
        self._returnable_order_arn = returnable_order_arn

    def of_link(self, token: str) -> ReturnableOrder | None:
        """Return the order of a signed link; None where it leads to none; raises CommandFailedError."""
        return self._ask(self._returnable_order_arn, {"token": token})

    def of_shopper(self, user_id: str, order_name: str) -> ReturnableOrder | None:
        """Return a shopper's order by its id or number; None where it is not theirs; raises CommandFailedError."""
        return self._ask(self._returnable_order_arn, {"userId": user_id, "order": order_name})

    def withdraw(self, withdraw_arn: str, order: ReturnableOrder) -> ReturnableOrder | None:
        """End what of an order was not sent, and return it as it is then; raises CommandFailedError.

        It is cancelled where nothing was sent; of one that was sent in part the rest is refunded instead.

        Parameters:
            withdraw_arn: ARN of the command that ends what was not sent.
            order: the order.
        """
        return self._ask(withdraw_arn, {"orderId": order.order_id, "userId": order.user_id})

    def _ask(self, arn: str, given: dict[str, Any]) -> ReturnableOrder | None:
        outcome = invoke_command(self._lambda, arn, given)
        if outcome["outcome"] != "FOUND":
            return None
        return ReturnableOrder.model_validate(outcome["order"], extra="ignore")

"""The client of payment's refund command."""

from typing import TYPE_CHECKING

from bus.invocation import invoke_command
from bus.settings import Settings
from services.orders.domain import OrderNotRefundableError, StaffRefund

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class RefundSettings(Settings):
    """Environment of the functions that refund: the ARN of payment's command."""

    refund_arn: str


class RefundClient:
    """Requests refunds of payment.

    Parameters:
        lambda_client: the Lambda client.
        refund_arn: ARN of the command.
    """

    def __init__(self, lambda_client: "LambdaClient", refund_arn: str) -> None:
        self._lambda = lambda_client
        self._refund_arn = refund_arn

    def request(self, refund: StaffRefund) -> None:
        """Refund an amount; the same request is refunded once. Where Stripe does not answer, payment tries again.

        Raises OrderNotRefundableError where payment refuses it, and CommandFailedError where the command fails.
        """
        given = {
            "orderId": refund.order_id,
            "amount": refund.amount.model_dump(),
            "reason": refund.reason,
            "requestId": refund.request_id,
        }
        outcome = invoke_command(self._lambda, self._refund_arn, given)
        if outcome["outcome"] not in ("REFUNDED", "PENDING"):
            raise OrderNotRefundableError(outcome.get("message", "Nothing was charged for this order."))

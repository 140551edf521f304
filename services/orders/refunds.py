"""Asks the payment service to give money back."""

import hashlib
from typing import TYPE_CHECKING

from bus.invocation import invoke_command
from bus.settings import Settings
from schemas.contract import Money
from services.orders.domain import Order

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class RefundSettings(Settings):
    """The command of the payment service."""

    refund_arn: str


class RefundRefusedError(Exception):
    """The money cannot be given back; the text says why."""


class Refunds:
    """The refund command of the payment service.

    Parameters:
        lambda_client: the Lambda client.
        refund_arn: of the command.
    """

    def __init__(self, lambda_client: "LambdaClient", refund_arn: str) -> None:
        self._lambda = lambda_client
        self._refund_arn = refund_arn

    def request(self, order: Order, amount: Money | None, reason: str, key: str | None) -> None:
        """Give back an amount, or all that is left; raises RefundRefusedError.

        Without a key, the same request again is the same refund until its money is back: a second
        click gives back nothing more.
        """
        left = order.refundable
        wanted = amount or left
        if left.amount == 0:
            raise RefundRefusedError("All of the order's payment was given back before.")
        if wanted.currency != left.currency:
            raise RefundRefusedError(f"The order was paid in {left.currency}.")
        if not 0 < wanted.amount <= left.amount:
            raise RefundRefusedError("A refund is more than nothing, and at most what is left of the order's payment.")
        given = {
            "orderId": order.order_id,
            "amount": wanted.model_dump(),
            "reason": reason,
            # The shop's own refunds have names too, such as "cancel"; a key must not be one of them.
            "requestId": f"staff-{key or _key_of(order, wanted, reason)}",
        }
        outcome = invoke_command(self._lambda, self._refund_arn, given)
        if outcome["outcome"] != "REFUNDED":
            raise RefundRefusedError(outcome.get("message", "Nothing was charged for this order."))


def _key_of(order: Order, amount: Money, reason: str) -> str:
    told = f"{order.order_id}\n{amount.amount}\n{reason}\n{order.refunded_total.amount}"
    return hashlib.sha256(told.encode()).hexdigest()[:24]

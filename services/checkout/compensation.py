"""Compensation of a checkout that was decided against: its payment is refunded, its stock is released."""

from typing import TYPE_CHECKING

from bus.invocation import invoke_command
from bus.log import logger
from bus.settings import Settings
from services.checkout.domain import Checkout, CheckoutOutcome, CheckoutStatus
from services.checkout.store import CheckoutStore

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

REFUND_REASON = "CHECKOUT_FAILED"
REFUND_REQUEST_ID = "checkout"
"""The state machine uses the same, so that both make one refund."""


class CompensationSettings(Settings):
    """Environment of the functions that compensate: commands of payment and inventory."""

    refund_arn: str
    release_arn: str


class RefundRefusedError(Exception):
    """Payment refuses to refund a failed checkout: a person has to do it."""


class Compensator:
    """Compensates checkouts. Every step is idempotent.

    Parameters:
        store: the checkouts.
        lambda_client: the Lambda client.
        settings: the commands.
    """

    def __init__(self, store: CheckoutStore, lambda_client: "LambdaClient", settings: CompensationSettings) -> None:
        self._store = store
        self._lambda = lambda_client
        self._settings = settings

    def compensate(self, checkout: Checkout, outcome: CheckoutOutcome | None = None, *, answered: bool = False) -> None:
        """Refund the payment, release the stock, and end the checkout if it has not ended.

        A payment that was not charged is closed, so that it never will be.

        Parameters:
            checkout: COMPENSATING or FAILED.
            outcome: what it ends with; FAULT if None.
            answered: whether a request of the shopper gets the outcome as its answer; if not, an e-mail tells them.

        Raises CommandFailedError, after which it can be repeated at once, and RefundRefusedError at the end where
        payment refuses the refund.
        """
        logger.warning("compensating a checkout", order_id=checkout.order_id)
        refund = {"orderId": checkout.order_id, "reason": REFUND_REASON, "requestId": REFUND_REQUEST_ID}
        try:
            refunded = invoke_command(self._lambda, self._settings.refund_arn, refund)
            invoke_command(self._lambda, self._settings.release_arn, {"reservationId": checkout.order_id})
        except Exception:
            self._store.release_lease(checkout.order_id)
            raise
        if checkout.status is CheckoutStatus.COMPENSATING:
            self._store.finish(checkout, outcome or CheckoutOutcome(outcome="FAULT"), answered=answered)
        if refunded["outcome"] == "REFUSED":
            raise RefundRefusedError(f"{checkout.order_id}: {refunded['message']}")

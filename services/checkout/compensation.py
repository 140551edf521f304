"""Undoing a checkout that was decided against: the money goes back, the units are free again."""

from typing import TYPE_CHECKING

from bus.invocation import invoke_command
from bus.log import logger
from bus.settings import Settings
from services.checkout.domain import Checkout, Outcome, Status
from services.checkout.store import CheckoutStore

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class CompensationSettings(Settings):
    """Commands of payment and inventory."""

    refund_arn: str
    release_arn: str


class RefundRefusedError(Exception):
    """The money of a failed checkout cannot be given back by the shop itself: a person has to see to it."""


class Compensation:
    """Gives back what a checkout took. Every step may be repeated, by whomever.

    Parameters:
        store: the checkouts.
        lambda_client: the Lambda client.
        settings: whom to ask.
    """

    def __init__(self, store: CheckoutStore, lambda_client: "LambdaClient", settings: CompensationSettings) -> None:
        self._store = store
        self._lambda = lambda_client
        self._settings = settings

    def give_back(self, checkout: Checkout, outcome: Outcome | None = None) -> None:
        """Give the money and the units back, and end the checkout if it has not ended.

        Where nothing was charged, nothing will be: payment closes what waits for 3-D Secure.

        Parameters:
            checkout: COMPENSATING or FAILED.
            outcome: what it ends with; a fault of the shop where it is not given.

        Raises CommandFailedError, after which it can be repeated at once, and RefundRefusedError at
        the end where the money cannot go back.
        """
        logger.warning("giving the money of a failed checkout back", order_id=checkout.order_id)
        refund = {"orderId": checkout.order_id, "reason": "The order could not be placed.", "requestId": "checkout"}
        try:
            refunded = invoke_command(self._lambda, self._settings.refund_arn, refund)
            invoke_command(self._lambda, self._settings.release_arn, {"reservationId": checkout.order_id})
        except Exception:
            self._store.give_up_lease(checkout.order_id)
            raise
        if checkout.status is Status.COMPENSATING:
            self._store.finish(checkout, outcome or Outcome(outcome="FAULT"))
        if refunded["outcome"] == "REFUSED":
            raise RefundRefusedError(f"{checkout.order_id}: {refunded['message']}")

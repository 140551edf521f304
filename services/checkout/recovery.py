"""Recovery: a paid checkout ends as an order or with a refund, whatever failed after the charge."""

from typing import TYPE_CHECKING

from bus.invocation import invoke_command
from bus.log import logger
from bus.replay_guard import is_suppressed
from bus.settings import Settings
from services.checkout.compensation import Compensator
from services.checkout.domain import (
    UNDECIDED,
    CartHold,
    Checkout,
    CheckoutOutcome,
    CheckoutStatus,
    PaymentMismatchError,
    decision_after_payment,
)
from services.checkout.order_queue import OrderQueue
from services.checkout.store import CheckoutStore

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class RecoverySettings(Settings):
    """Environment of the functions that recover: commands of inventory and payment."""

    confirm_arn: str
    reserve_arn: str


class CheckoutBusyError(Exception):
    """A run is at work on the checkout, or has just changed it: the event has to be delivered again."""


class Recovery:
    """Ends checkouts whose run did not.

    Parameters:
        store: the checkouts.
        compensator: compensates those that were decided against.
        order_queue: takes the orders of those that were decided for.
        lambda_client: the Lambda client.
        settings: the commands.
    """

    def __init__(
        self,
        store: CheckoutStore,
        compensator: Compensator,
        order_queue: OrderQueue,
        lambda_client: "LambdaClient",
        settings: RecoverySettings,
    ) -> None:
        self._store = store
        self._compensator = compensator
        self._order_queue = order_queue
        self._lambda = lambda_client
        self._settings = settings

    def complete_or_refund(self, checkout: Checkout, payment_intent_id: str) -> None:
        """End a paid checkout with an order, or with a refund where it was decided against.

        Parameters:
            checkout: as it was just read.
            payment_intent_id: Stripe's id of the payment.

        Raises PaymentMismatchError where the checkout is undecided and payment does not know of this payment,
        CheckoutBusyError where the checkout changed meanwhile, CommandFailedError where inventory or payment fails, and
        RefundRefusedError where payment refuses the refund.
        """
        match checkout.status:
            case CheckoutStatus.COMPLETED:
                return
            case CheckoutStatus.COMPENSATING | CheckoutStatus.FAILED:
                self._refund(checkout)
            case CheckoutStatus.COMPLETING:
                self._complete(checkout, payment_intent_id)
            case _:
                self._require_charged(checkout, payment_intent_id)
                self._decide(checkout, payment_intent_id)

    def close_for_erasure(self, user_id: str) -> None:
        """Close the undecided checkout of an erased shopper, which also removes their address.

        A shopper has at most one undecided checkout with a quote: each closes the one before it. One
        without a quote expires after a day. In a replay that may not refund, nothing is done.

        Raises CheckoutBusyError while a run is at work on it, CommandFailedError where inventory or payment fails, and
        RefundRefusedError where payment refuses the refund.
        """
        holder = self._store.get_cart_holder(user_id)
        if holder is None or is_suppressed("refund"):
            return
        checkout = self._store.get(holder.order_id)
        if checkout and not checkout.is_ended:
            hold = checkout.cart_hold_at(self._store.now())
            if hold is not CartHold.ABANDONED or not self._store.supersede(checkout):
                raise CheckoutBusyError(checkout.order_id)
            closed = checkout.model_copy(update={"status": CheckoutStatus.COMPENSATING})
            self._compensator.compensate(closed, CheckoutOutcome(outcome="ACCOUNT_ERASED"))
        self._store.release_cart(user_id)

    def _require_charged(self, checkout: Checkout, payment_intent_id: str) -> None:
        """Ask payment whether it has charged this intent: an undecided checkout has not recorded its intent."""
        paid = invoke_command(self._lambda, self._settings.confirm_arn, {"orderId": checkout.order_id})
        if (paid["outcome"], paid.get("paymentIntentId")) != ("PAID", payment_intent_id):
            raise PaymentMismatchError(f"payment has not charged {payment_intent_id} for checkout {checkout.order_id}")

    def _decide(self, checkout: Checkout, payment_intent_id: str) -> None:
        """Decide for an order where the stock can be reserved, else for a refund; carry it out."""
        lines = [{"productId": line.product_id, "quantity": line.quantity} for line in checkout.recorded_quote.lines]
        given = {"reservationId": checkout.order_id, "lines": lines}
        reserved = invoke_command(self._lambda, self._settings.reserve_arn, given)
        to = decision_after_payment(reserved=reserved["outcome"] == "RESERVED")
        if not self._store.decide(checkout.order_id, to, {*UNDECIDED, to}, payment_intent_id):
            raise CheckoutBusyError(checkout.order_id)
        decided = checkout.model_copy(update={"status": to})
        if to is CheckoutStatus.COMPLETING:
            self._complete(decided, payment_intent_id)
        else:
            self._refund(decided)

    def _complete(self, checkout: Checkout, payment_intent_id: str) -> None:
        logger.warning("completing a checkout that died after the charge", order_id=checkout.order_id)
        self._order_queue.send_place_order(checkout, payment_intent_id)
        self._store.finish(checkout, checkout.confirmed_outcome())

    def _refund(self, checkout: Checkout) -> None:
        if is_suppressed("refund"):
            logger.info("a refund is suppressed in a replay", order_id=checkout.order_id)
            return
        self._compensator.compensate(checkout)

"""What a webhook of Stripe means to the shop. Deliveries come late, twice, and in any order."""

from typing import Literal

from bus.log import logger
from bus.metric import count
from services.payment.domain import ForeignError, Intent, Refund
from services.payment.gateway import StripeEvent
from services.payment.refunding import Refunding
from services.payment.settlement import Settlement

Reception = Literal["HANDLED", "IGNORED"]

INTENT_EVENTS = frozenset({"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled"})


class Webhook:
    """Handles events of Stripe.

    Parameters:
        settlement: records what became of a charge.
        refunding: records refunds.
    """

    def __init__(self, settlement: Settlement, refunding: Refunding) -> None:
        self._settlement = settlement
        self._refunding = refunding

    def receive(self, event: StripeEvent) -> Reception:
        """Handle an event. What the shop did not cause is none of its business."""
        try:
            return self._handled(event)
        except ForeignError as foreign:
            logger.info("an event of Stripe is not about this shop", stripe_event=event.event_id, reason=str(foreign))
            return "IGNORED"

    def _handled(self, event: StripeEvent) -> Reception:
        match event.type:
            case kind if kind in INTENT_EVENTS:
                self._settlement.settle(Intent.of(event.subject))
            case "refund.created":
                self._refunding.note(Refund.of(event.subject))
            case "refund.failed":
                self._tell_of_failed(Refund.of(event.subject))
            case _:
                return "IGNORED"
        return "HANDLED"

    @staticmethod
    def _tell_of_failed(refund: Refund) -> None:
        """A bank sent a refund back: the shopper lacks money that the shop counts as given. Rare; a person must act."""
        logger.error("a refund failed at the bank", refund_id=refund.refund_id, order_id=refund.order_id)
        count("RefundsFailed", refundId=refund.refund_id)

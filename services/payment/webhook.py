"""Stripe's webhook events. Stripe delivers them late, more than once, and in any order."""

from typing import Literal

from bus.log import logger
from bus.metric import count
from services.payment.domain import ForeignObjectError, PaymentIntent, PaymentMismatchError, Refund
from services.payment.gateway import StripeEvent
from services.payment.reconciliation import PaymentReconciler
from services.payment.refunds import RefundService

WebhookOutcome = Literal["HANDLED", "IGNORED", "REJECTED"]

INTENT_EVENTS = frozenset({"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled"})


class WebhookHandler:
    """Handles webhook events.

    Parameters:
        reconciler: records the result of a charge.
        refunds: records refunds.
    """

    def __init__(self, reconciler: PaymentReconciler, refunds: RefundService) -> None:
        self._reconciler = reconciler
        self._refunds = refunds

    def handle(self, event: StripeEvent) -> WebhookOutcome:
        """Handle an event; one about an object that the shop did not create is ignored.

        One that contradicts the shop's record of the payment is rejected, with an alarm: Stripe would send it again for
        three days, to no effect.

        Raises MalformedObjectError for an object that is not of the event's type.
        """
        try:
            return self._handle(event)
        except ForeignObjectError as error:
            logger.info("an event of Stripe is not about this shop", stripe_event=event.event_id, reason=str(error))
            return "IGNORED"
        except PaymentMismatchError as error:
            logger.error("an event of Stripe contradicts a payment", stripe_event=event.event_id, reason=str(error))
            count("PaymentsMismatched", stripeEvent=event.event_id)
            return "REJECTED"

    def _handle(self, event: StripeEvent) -> WebhookOutcome:
        match event.type:
            case kind if kind in INTENT_EVENTS:
                self._reconciler.reconcile(PaymentIntent.from_stripe(event.data_object))
            case "refund.created":
                self._refunds.record(Refund.from_stripe(event.data_object))
            case "refund.failed":
                self._report_failed(Refund.from_stripe(event.data_object))
            case _:
                return "IGNORED"
        return "HANDLED"

    @staticmethod
    def _report_failed(refund: Refund) -> None:
        """Raise the alarm for a refund that the bank sent back: the shopper lacks money, and a person must act."""
        logger.error("a refund failed at the bank", refund_id=refund.refund_id, order_id=refund.order_id)
        count("RefundsFailed", refundId=refund.refund_id)

"""Events of the payment service."""

from pydantic import Field

from schemas.contract import Identifier, Money, Timestamp
from schemas.event import Event
from schemas.refund import REASON_SENTENCES, RefundReason, refund_reason_of


class PaymentSucceeded(Event, aggregate="order_id"):
    """The shopper's card was charged."""

    order_id: Identifier
    user_id: Identifier
    payment_intent_id: Identifier
    amount: Money


class PaymentFailed(
    Event,
    aggregate="order_id",
    no_subscriber_reason="Checkout gets it as the outcome of its command; this tells whoever measures declines.",
):
    """The bank declined, or the shopper failed 3-D Secure. Nothing was charged."""

    order_id: Identifier
    user_id: Identifier
    amount: Money
    decline_code: str = Field(description="Stripe's decline code, such as insufficient_funds.")


class PaymentRefundedV2(Event, aggregate="order_id", version=2):
    """Money went back to the card."""

    order_id: Identifier
    user_id: Identifier
    refund_id: Identifier
    amount: Money = Field(description="What this refund gave back.")
    refunded_total: Money = Field(description="All that was given back of this payment so far.")
    fully_refunded: bool
    reason: RefundReason
    request_id: Identifier | None = Field(
        default=None, description="The shop's request for it; absent where staff used Stripe's dashboard."
    )

    def downcast(self) -> "PaymentRefunded":
        """Return the event in its first version, for those who still read that one."""
        values = self.model_dump(by_alias=False, exclude={"reason"})
        return PaymentRefunded(**values, reason=REASON_SENTENCES[self.reason])


class PaymentRefunded(Event, aggregate="order_id"):
    """Money went back to the card. It is published beside PaymentRefundedV2 until no rule names it any more."""

    order_id: Identifier
    user_id: Identifier
    refund_id: Identifier
    amount: Money = Field(description="What this refund gave back.")
    refunded_total: Money = Field(description="All that was given back of this payment so far.")
    fully_refunded: bool
    reason: str = Field(description="A sentence for the reason of PaymentRefundedV2.")
    request_id: Identifier | None = Field(
        default=None, description="The shop's request for it; absent where staff used Stripe's dashboard."
    )

    def upcast(self) -> PaymentRefundedV2:
        """Return the event in its second version. Free text, as it was once sent, becomes OTHER."""
        values = self.model_dump(by_alias=False, exclude={"reason"})
        return PaymentRefundedV2(**values, reason=refund_reason_of(self.reason))


class RefundPending(Event, aggregate="order_id"):
    """Stripe has not made a refund although it was tried several times. It is tried again every minute."""

    order_id: Identifier
    user_id: Identifier
    request_id: Identifier = Field(description="The shop's request: the same one is refunded once.")
    amount: Money = Field(description="What is going to be given back.")
    pending_since: Timestamp


class RefundFailed(Event, aggregate="order_id"):
    """Stripe refuses a refund for good: no money went back, and a person has to act."""

    order_id: Identifier
    user_id: Identifier
    request_id: Identifier = Field(description="The shop's request: the same one is refunded once.")
    amount: Money = Field(description="What was not given back.")
    failure_code: str = Field(description="Stripe's error code, such as charge_disputed.")

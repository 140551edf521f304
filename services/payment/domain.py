"""The rules of a payment: its states, what Stripe's word changes, what can be given back. No AWS, no Stripe.

Stripe holds the truth about the money; a payment is what the shop has learnt of it. It is opened
before the card is charged. From any state it becomes SUCCEEDED when Stripe says so: money that was
taken is always recorded and told.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from pydantic import Field

from schemas.contract import Contract, Identifier, Money
from schemas.event import Envelope, Event
from schemas.payment import PaymentFailed, PaymentRefunded, PaymentSucceeded
from services.payment.declines import told

KEY_SECONDS = 23 * 3600
"""Stripe keeps idempotency keys for at least 24 hours; an older one may charge again."""


class Status(StrEnum):
    """What is known of a payment."""

    PENDING = "PENDING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


FOLLOWERS: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.REQUIRES_ACTION, Status.SUCCEEDED, Status.FAILED, Status.CANCELLED}),
    Status.REQUIRES_ACTION: frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED}),
    Status.FAILED: frozenset({Status.SUCCEEDED}),
    Status.CANCELLED: frozenset({Status.SUCCEEDED}),
    Status.SUCCEEDED: frozenset(),
}
"""Which states may follow which."""

MEANING = {
    "succeeded": Status.SUCCEEDED,
    "requires_action": Status.REQUIRES_ACTION,
    "requires_payment_method": Status.FAILED,
    "canceled": Status.CANCELLED,
}
"""What a PaymentIntent's status says of the payment. Any other one, such as processing, says nothing yet."""


class ForeignError(ValueError):
    """A PaymentIntent or refund in the Stripe account that this shop did not make."""


class NotChargedError(ValueError):
    """A refund is noted of a payment that has taken no money."""


class Intent(Contract):
    """A PaymentIntent, as far as the shop cares.

    Attributes:
        intent_id: Stripe's id.
        status: Stripe's status.
        decline_code: why the last attempt failed; None where none has.
        correlation_id: the request in which the shopper paid.
        causation_id: the event that caused the charge, if one did.
        client_secret: with which the browser carries out 3-D Secure.
    """

    intent_id: Identifier
    status: str
    order_id: Identifier
    user_id: Identifier
    amount: Money
    correlation_id: str
    causation_id: str | None = None
    client_secret: str | None = None
    decline_code: str | None = None

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """Read Stripe's object; raises ForeignError where it lacks our metadata."""
        metadata = document.get("metadata") or {}
        if not {"orderId", "userId", "correlationId"} <= metadata.keys():
            raise ForeignError(f"{document['id']} was not made by the shop")
        error = document.get("last_payment_error") or {}
        return cls(
            intent_id=document["id"],
            status=document["status"],
            order_id=metadata["orderId"],
            user_id=metadata["userId"],
            amount=Money(amount=document["amount"], currency=document["currency"].upper()),
            correlation_id=metadata["correlationId"],
            causation_id=metadata.get("causationId"),
            client_secret=document.get("client_secret"),
            decline_code=error.get("decline_code") or error.get("code"),
        )

    @property
    def is_conclusive(self) -> bool:
        """Whether the card was tried: an intent that was made and never confirmed says nothing."""
        return self.status in ("succeeded", "requires_action", "processing") or self.decline_code is not None


class Refund(Contract):
    """A refund at Stripe.

    Attributes:
        refund_id: Stripe's id.
        intent_id: the PaymentIntent whose money it gives back.
        request_id: the request of ours that asked for it; None where staff used Stripe's dashboard.
        reason: as Stripe has it.
    """

    refund_id: Identifier
    intent_id: Identifier
    amount: Money
    order_id: Identifier | None = None
    request_id: str | None = None
    reason: str | None = None

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """Read Stripe's object; raises ForeignError where it refunds no PaymentIntent."""
        if not document.get("payment_intent"):
            raise ForeignError(f"{document['id']} refunds no PaymentIntent")
        metadata = document.get("metadata") or {}
        return cls(
            refund_id=document["id"],
            intent_id=document["payment_intent"],
            amount=Money(amount=document["amount"], currency=document["currency"].upper()),
            order_id=metadata.get("orderId"),
            request_id=metadata.get("requestId"),
            reason=document.get("reason"),
        )


class RefundEntry(Contract):
    """What was asked for, and what came of it.

    It is written before Stripe is asked, so that the refund's own webhook knows why and because of
    what, and so that the same request is the same call to Stripe whoever repeats it.
    """

    asked: Money | None = Field(default=None, description="None asks for all that is left.")
    reason: str
    correlation_id: str
    causation_id: str | None = None
    refund_id: Identifier | None = None
    given: Money | None = Field(default=None, description="None until Stripe has given it back.")


@dataclass(frozen=True, slots=True)
class Change:
    """A payment as it will be, and what the shop is told of it."""

    after: "Payment"
    event: Event | None = None


class Payment(Contract):
    """All that is known of the payment of one order.

    Attributes:
        user_id, amount, correlation_id, payment_method_id: None where a refund was asked for before
            any charge: the payment is closed, and a charge that comes late does not happen.
        opened_at, attempted_at: seconds since the epoch.
        attempt: counts the idempotency keys that were needed; almost always 1.
        event_id: of its PaymentSucceeded, the cause of what follows.
        sequence: counts the changes of the payment.
    """

    order_id: Identifier
    status: Status
    opened_at: int
    attempted_at: int
    attempt: int = 1
    sequence: int = 1
    user_id: Identifier | None = None
    amount: Money | None = None
    payment_method_id: Identifier | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    payment_intent_id: Identifier | None = None
    event_id: str | None = None
    decline_code: str | None = None
    refunds: dict[str, RefundEntry] = {}

    @classmethod
    def known_from(cls, intent: Intent, at: int) -> Self:
        """Return the payment of an intent that Stripe tells of and nobody has recorded."""
        return cls(
            order_id=intent.order_id,
            status=Status.PENDING,
            opened_at=at,
            attempted_at=at,
            user_id=intent.user_id,
            amount=intent.amount,
            correlation_id=intent.correlation_id,
            causation_id=intent.causation_id,
        )

    @classmethod
    def never_opened(cls, order_id: str, at: int) -> Self:
        """Return the closed payment of an order that was never charged."""
        return cls(order_id=order_id, status=Status.CANCELLED, opened_at=at, attempted_at=at)

    @property
    def idempotency_key(self) -> str:
        """Under which Stripe is asked to charge."""
        return self.order_id if self.attempt == 1 else f"{self.order_id}-{self.attempt}"

    @property
    def refunded(self) -> int:
        """Minor units given back so far."""
        return sum(entry.given.amount for entry in self.refunds.values() if entry.given)

    @property
    def left(self) -> Money:
        """What can still be given back."""
        if self.amount is None or self.status is not Status.SUCCEEDED:
            return Money(amount=0)
        return Money(amount=max(self.amount.amount - self.refunded, 0), currency=self.amount.currency)

    def key_is_trusted(self, at: int) -> bool:
        """Whether Stripe still recognises the idempotency key."""
        return at - self.attempted_at < KEY_SECONDS

    def is_of_another(self, intent: Intent) -> bool:
        """Whether the intent is another attempt than the one that this payment rests on."""
        return self.payment_intent_id not in (None, intent.intent_id)

    def settled(self, intent: Intent) -> Change | None:
        """Apply what Stripe says of an intent; None where it is known, or comes too late to matter."""
        to = MEANING.get(intent.status)
        if to is None or to not in FOLLOWERS[self.status]:
            return None
        if self.is_of_another(intent) and to is not Status.SUCCEEDED:
            return None
        if to is Status.FAILED:
            return self.failed(intent.decline_code or "generic_decline", intent)
        after = self._with(intent, status=to)
        if to is not Status.SUCCEEDED:
            return Change(after)
        succeeded = PaymentSucceeded(
            order_id=self.order_id,
            user_id=intent.user_id,
            payment_intent_id=intent.intent_id,
            amount=intent.amount,
        )
        return Change(after, succeeded)

    def failed(self, decline_code: str, intent: Intent | None = None) -> Change | None:
        """Note that the card was declined; None where that is known, or does not matter any more.

        Parameters:
            decline_code: Stripe's. The shop is told a harmless one in place of those for the bank alone.
            intent: the intent that failed; None where Stripe did not even make one.
        """
        if Status.FAILED not in FOLLOWERS[self.status] or self.user_id is None or self.amount is None:
            return None
        after = self._with(intent, status=Status.FAILED, decline_code=decline_code)
        failed = PaymentFailed(
            order_id=self.order_id, user_id=self.user_id, amount=self.amount, decline_code=told(decline_code)
        )
        return Change(after, failed)

    def closed(self) -> Change | None:
        """Close a payment that has taken no money, so that it takes none; None where it is closed or paid."""
        if Status.CANCELLED not in FOLLOWERS[self.status]:
            return None
        return Change(self._with(status=Status.CANCELLED))

    def tried_anew(self, spoiled: int, at: int) -> Change | None:
        """Take another idempotency key, since that of attempt ``spoiled`` led to no intent.

        None where somebody else took it already: two functions must not take one each.
        """
        if self.status is not Status.PENDING or self.attempt != spoiled:
            return None
        return Change(self._with(attempt=self.attempt + 1, attempted_at=at))

    def asked_back(self, request_id: str, entry: RefundEntry) -> Change | None:
        """Note that money is asked back; None where this request was noted before."""
        if request_id in self.refunds:
            return None
        return Change(self._with(refunds={**self.refunds, request_id: entry}))

    def given_back(self, refund: Refund) -> Change | None:
        """Note that Stripe gave money back; None where that is known, or was not this payment's money.

        Raises NotChargedError where the payment is not known to have taken any.
        """
        if self.amount is None or self.user_id is None or self.status is not Status.SUCCEEDED:
            raise NotChargedError(self.order_id)
        if refund.intent_id != self.payment_intent_id or self._knows(refund):
            return None
        request_id = refund.request_id or refund.refund_id
        entry = self.entry_of(refund).model_copy(update={"refund_id": refund.refund_id, "given": refund.amount})
        after = self._with(refunds={**self.refunds, request_id: entry})
        event = PaymentRefunded(
            order_id=self.order_id,
            user_id=self.user_id,
            refund_id=refund.refund_id,
            amount=refund.amount,
            refunded_total=Money(amount=after.refunded, currency=refund.amount.currency),
            fully_refunded=after.left.amount == 0,
            reason=entry.reason,
        )
        return Change(after, event)

    def entry_of(self, refund: Refund) -> RefundEntry:
        """Return what was noted when the refund was asked for; staff may have made it in Stripe's dashboard."""
        if refund.request_id in self.refunds:
            return self.refunds[refund.request_id]
        return RefundEntry(
            reason=refund.reason or "Refunded in Stripe's dashboard.", correlation_id=self.correlation_id or ""
        )

    def remembering(self, envelope: Envelope[Event]) -> Self:
        """Keep the id of the event that tells of the success, to give the same answer to a repeated charge."""
        if not isinstance(envelope.data, PaymentSucceeded):
            return self
        return self.model_copy(update={"event_id": envelope.metadata.event_id})

    def _knows(self, refund: Refund) -> bool:
        return any(entry.refund_id == refund.refund_id for entry in self.refunds.values())

    def _with(self, intent: Intent | None = None, **changes: Any) -> Self:
        known = (
            {"payment_intent_id": intent.intent_id, "user_id": intent.user_id, "amount": intent.amount}
            if intent
            else {}
        )
        return self.model_copy(update={**known, **changes, "sequence": self.sequence + 1})

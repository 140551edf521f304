"""The rules of a payment: its statuses, what Stripe's intents change, what can be refunded. No AWS, no Stripe calls.

Stripe holds the truth about the money; a Payment records what the shop has learnt of it. It is opened before the card
is charged. From any status it becomes SUCCEEDED when Stripe says so: a charge is always recorded and published.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, computed_field

from schemas.contract import Contract, Identifier, Money
from schemas.event import Envelope, Event
from schemas.payment import PaymentFailed, PaymentRefundedV2, PaymentSucceeded, RefundFailed, RefundPending
from schemas.refund import RefundReason, refund_reason_of
from services.payment.declines import GENERIC_DECLINE, public_code

IDEMPOTENCY_KEY_SECONDS = 23 * 3600
"""Stripe keeps idempotency keys for at least 24 hours; a call under an older one may charge or refund again."""

MORE_THAN_IS_LEFT = "more_than_is_left"
"""The failure code of a refund that the payment does not cover; Stripe is not asked."""

REFUND_RETRY_SECONDS = 60
"""How long a refund rests before it is tried again."""


class PaymentStatus(StrEnum):
    """What is known of a payment."""

    PENDING = "PENDING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


TRANSITIONS: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.PENDING: frozenset(
        {PaymentStatus.REQUIRES_ACTION, PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CANCELLED}
    ),
    PaymentStatus.REQUIRES_ACTION: frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CANCELLED}),
    PaymentStatus.FAILED: frozenset({PaymentStatus.SUCCEEDED}),
    PaymentStatus.CANCELLED: frozenset({PaymentStatus.SUCCEEDED}),
    PaymentStatus.SUCCEEDED: frozenset(),
}
"""From each status, those that may follow."""

STATUS_BY_INTENT_STATUS = {
    "succeeded": PaymentStatus.SUCCEEDED,
    "requires_action": PaymentStatus.REQUIRES_ACTION,
    "requires_payment_method": PaymentStatus.FAILED,
    "canceled": PaymentStatus.CANCELLED,
}
"""The payment's status by the PaymentIntent's. Any other one, such as ``processing``, decides nothing yet."""


class ForeignObjectError(ValueError):
    """A PaymentIntent or refund in the Stripe account that this shop did not create."""


class MalformedObjectError(ValueError):
    """An object of Stripe lacks what the shop reads, or has it in another form."""


class PaymentMismatchError(ValueError):
    """An intent or an order contradicts the shop's record of the payment; the text says in what."""


class NotChargedError(ValueError):
    """A refund is recorded for a payment that has taken no money."""


class NotRefundableError(ValueError):
    """An amount cannot be refunded; the text says why."""


class NothingToRefundError(NotRefundableError):
    """All of the payment was refunded before."""


@contextmanager
def _reading(kind: str) -> Iterator[None]:
    """Turn what fails while an object of Stripe is read into MalformedObjectError."""
    try:
        yield
    except ForeignObjectError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        # The error itself may quote the object.
        raise MalformedObjectError(f"not a {kind} of Stripe: {type(error).__name__}") from error


class PaymentIntent(Contract):
    """A PaymentIntent, as far as the shop reads it.

    Attributes:
        intent_id: Stripe's id.
        status: Stripe's status.
        amount: what it charges.
        correlation_id: the request in which the shopper paid.
        causation_id: the event that caused the charge, if any.
        client_secret: lets the browser run 3-D Secure.
        decline_code: why the last attempt failed; None where none has.
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
    def from_stripe(cls, document: dict[str, Any]) -> Self:
        """Return the intent of Stripe's object.

        Raises ForeignObjectError where it lacks the shop's metadata, and MalformedObjectError where it is no intent.
        """
        with _reading("PaymentIntent"):
            metadata = document.get("metadata") or {}
            if not {"orderId", "userId", "correlationId"} <= metadata.keys():
                raise ForeignObjectError(f"{document['id']} was not made by the shop")
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
        """Whether the card was tried. An intent that was created and never confirmed proves nothing."""
        return self.status in ("succeeded", "requires_action", "processing") or self.decline_code is not None

    @property
    def is_processing(self) -> bool:
        """Whether Stripe itself does not know the result yet."""
        return self.status == "processing"

    @property
    def is_cancelled(self) -> bool:
        """Whether the intent can no longer charge the card."""
        return self.status == "canceled"


class Refund(Contract):
    """A refund at Stripe.

    Attributes:
        refund_id: Stripe's id.
        intent_id: the PaymentIntent that it refunds.
        amount: what it refunds.
        order_id: the order; None where staff used Stripe's dashboard.
        request_id: the shop's request for it; None where staff used Stripe's dashboard.
    """

    refund_id: Identifier
    intent_id: Identifier
    amount: Money
    order_id: Identifier | None = None
    request_id: str | None = None

    @classmethod
    def from_stripe(cls, document: dict[str, Any]) -> Self:
        """Return the refund of Stripe's object.

        Raises ForeignObjectError where it refunds no PaymentIntent, and MalformedObjectError where it is no refund.
        """
        with _reading("refund"):
            if not document.get("payment_intent"):
                raise ForeignObjectError(f"{document['id']} refunds no PaymentIntent")
            metadata = document.get("metadata") or {}
            return cls(
                refund_id=document["id"],
                intent_id=document["payment_intent"],
                amount=Money(amount=document["amount"], currency=document["currency"].upper()),
                order_id=metadata.get("orderId"),
                request_id=metadata.get("requestId"),
            )


class RefundRecord(Contract):
    """A refund that was requested, and its result.

    It is stored before Stripe is called, so that the refund's own webhook knows its reason and its cause, so that every
    repetition of the request is the same call to Stripe, and so that the sweeper continues what was interrupted.

    Attributes:
        attempt: counts the idempotency keys that were needed; almost always 1.
        attempted_at: when the key was first used, in seconds since the epoch.
        due_at: when it is tried again, in seconds since the epoch; None once it has a result.
        pending_since: when it failed for the first time, in seconds since the epoch; None where it has not.
        failure_code: Stripe's, where it refuses the refund for good, or MORE_THAN_IS_LEFT.
    """

    requested: Money | None = Field(default=None, alias="asked", description="None requests all that is left.")
    reason: Annotated[RefundReason, BeforeValidator(refund_reason_of)]
    correlation_id: str
    causation_id: str | None = None
    attempt: int = 1
    attempted_at: int | None = None
    due_at: int | None = None
    pending_since: int | None = None
    refund_id: Identifier | None = None
    refunded: Money | None = Field(default=None, alias="given", description="None until Stripe has refunded it.")
    failure_code: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether Stripe has refunded it, or refuses to."""
        return self.refund_id is not None or self.failure_code is not None

    def is_key_valid_at(self, now: int) -> bool:
        """Return whether Stripe still recognises the idempotency key.

        Parameters:
            now: seconds since the epoch.
        """
        return self.attempted_at is not None and now - self.attempted_at < IDEMPOTENCY_KEY_SECONDS


@dataclass(frozen=True, slots=True)
class PaymentChange:
    """A payment after a change, and the event of the change, if any.

    Attributes:
        after: the payment.
        event: the event.
        earlier_version: the same event for those who still read its earlier version.
    """

    after: "Payment"
    event: Event | None = None
    earlier_version: Event | None = None


class Payment(Contract):
    """All that is known of the payment of one order.

    Attributes:
        opened_at: when it was opened, in seconds since the epoch.
        attempted_at: when its idempotency key was first used, in seconds since the epoch.
        attempt: counts the idempotency keys that were needed; almost always 1.
        sequence: counts the changes of the payment.
        user_id, amount, payment_method_id, correlation_id: None where a refund was requested before any charge: the
            payment is closed, and a charge that comes late does not happen.
        event_id: of its PaymentSucceeded, which causes what follows.
        refunds: by request id, or by refund id where staff used Stripe's dashboard.
    """

    order_id: Identifier
    status: PaymentStatus
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
    refunds: dict[str, RefundRecord] = {}

    @classmethod
    def from_intent(cls, intent: PaymentIntent, at: int) -> Self:
        """Return the pending payment of an intent that has no record in the shop.

        Parameters:
            intent: the intent.
            at: now, in seconds since the epoch.
        """
        return cls(
            order_id=intent.order_id,
            status=PaymentStatus.PENDING,
            opened_at=at,
            attempted_at=at,
            user_id=intent.user_id,
            amount=intent.amount,
            correlation_id=intent.correlation_id,
            causation_id=intent.causation_id,
        )

    @classmethod
    def cancelled_before_charge(cls, order_id: str, at: int) -> Self:
        """Return the cancelled payment of an order that was never charged.

        Parameters:
            order_id: the order.
            at: now, in seconds since the epoch.
        """
        return cls(order_id=order_id, status=PaymentStatus.CANCELLED, opened_at=at, attempted_at=at)

    @property
    def idempotency_key(self) -> str:
        """The idempotency key of the charge at Stripe: the order id, and the attempt from the second one on."""
        return self.order_id if self.attempt == 1 else f"{self.order_id}-{self.attempt}"

    @property
    def amount_refunded(self) -> int:
        """What was refunded so far, in minor units."""
        return sum(record.refunded.amount for record in self.refunds.values() if record.refunded)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def refund_due_at(self) -> int | None:
        """When the first of the unsettled refunds is tried again, in seconds since the epoch; the sweeper's index."""
        return min((record.due_at for record in self.refunds.values() if record.due_at is not None), default=None)

    @property
    def refundable(self) -> Money:
        """What can still be refunded; zero unless the payment has succeeded."""
        if self.amount is None or self.status is not PaymentStatus.SUCCEEDED:
            return Money(amount=0)
        return Money(amount=max(self.amount.amount - self.amount_refunded, 0), currency=self.amount.currency)

    def is_key_valid_at(self, now: int) -> bool:
        """Return whether Stripe still recognises the idempotency key.

        Parameters:
            now: seconds since the epoch.
        """
        return now - self.attempted_at < IDEMPOTENCY_KEY_SECONDS

    def rests_on_another_than(self, intent: PaymentIntent) -> bool:
        """Return whether the payment belongs to another intent than this one."""
        return self.payment_intent_id not in (None, intent.intent_id)

    def has_failed_3d_secure(self, intent: PaymentIntent) -> bool:
        """Return whether the intent failed while the payment waited for 3-D Secure.

        The browser still holds the intent's secret and could confirm it again, so it has to be cancelled at Stripe.
        """
        return self.status is PaymentStatus.REQUIRES_ACTION and intent.status == "requires_payment_method"

    def was_cancelled_during_charge(self, intent: PaymentIntent) -> bool:
        """Return whether the payment was cancelled while Stripe created the intent, which has to be cancelled too."""
        return self.status is PaymentStatus.CANCELLED and not intent.is_cancelled

    def require_order(self, user_id: str, total: Money) -> None:
        """Check that the payment is that of an order with this shopper and this total.

        Raises PaymentMismatchError.
        """
        if self.amount is None or self.user_id is None:
            raise PaymentMismatchError(f"nothing was charged for order {self.order_id}")
        if self.user_id != user_id:
            raise PaymentMismatchError(f"the payment of order {self.order_id} is another shopper's")
        if self.amount != total:
            raise PaymentMismatchError(
                f"the payment of order {self.order_id} is {self.amount.amount} {self.amount.currency}, not"
                f" {total.amount} {total.currency} (minor units)"
            )

    def require_payer(self, user_id: str, amount: Money) -> None:
        """Check that a requested refund can be of this payment: shopper and currency; raises PaymentMismatchError."""
        if self.user_id != user_id:
            raise PaymentMismatchError(f"the payment of order {self.order_id} is another shopper's")
        if self.amount is None or self.amount.currency != amount.currency:
            raise PaymentMismatchError(f"the payment of order {self.order_id} is not in {amount.currency}")

    def require_refundable(self, amount: Money | None) -> None:
        """Check that an amount can be refunded.

        Parameters:
            amount: None for all that is left.

        Raises NothingToRefundError where all was refunded before, and NotRefundableError where the amount is zero, more
        than what is left, or of another currency.
        """
        left = self.refundable
        if amount is None:
            if left.amount == 0:
                raise NothingToRefundError(self.order_id)
            return
        if amount.currency != left.currency:
            raise NotRefundableError(f"The order was paid in {left.currency}.")
        if not 0 < amount.amount <= left.amount:
            raise NotRefundableError(f"Only {left.amount} {left.currency} (minor units) of the payment are left.")

    def with_intent(self, intent: PaymentIntent) -> PaymentChange | None:
        """Return the change that an intent of Stripe makes; None where it is known, or too late to matter.

        Raises PaymentMismatchError where the intent is of another amount, currency or shopper than the payment.
        """
        to = STATUS_BY_INTENT_STATUS.get(intent.status)
        if to is None or to not in TRANSITIONS[self.status]:
            return None
        if self.rests_on_another_than(intent) and to is not PaymentStatus.SUCCEEDED:
            return None
        if self.amount is not None:
            self.require_order(intent.user_id, intent.amount)
        if to is PaymentStatus.FAILED:
            return self.failed(intent.decline_code or GENERIC_DECLINE, intent)
        after = self._changed(intent, status=to)
        if to is not PaymentStatus.SUCCEEDED:
            return PaymentChange(after)
        succeeded = PaymentSucceeded(
            order_id=self.order_id,
            user_id=intent.user_id,
            payment_intent_id=intent.intent_id,
            amount=intent.amount,
        )
        return PaymentChange(after, succeeded)

    def failed(self, decline_code: str, intent: PaymentIntent | None = None) -> PaymentChange | None:
        """Return the change to FAILED; None where that is known, or does not matter any more.

        Parameters:
            decline_code: Stripe's. The event has its public form.
            intent: the intent that failed; None where Stripe did not create one.
        """
        if PaymentStatus.FAILED not in TRANSITIONS[self.status] or self.user_id is None or self.amount is None:
            return None
        after = self._changed(intent, status=PaymentStatus.FAILED, decline_code=decline_code)
        failed = PaymentFailed(
            order_id=self.order_id, user_id=self.user_id, amount=self.amount, decline_code=public_code(decline_code)
        )
        return PaymentChange(after, failed)

    def cancelled(self) -> PaymentChange | None:
        """Return the change to CANCELLED, so that no charge begins; None where it is cancelled or paid."""
        if PaymentStatus.CANCELLED not in TRANSITIONS[self.status]:
            return None
        return PaymentChange(self._changed(status=PaymentStatus.CANCELLED))

    def with_next_key(self, stuck_attempt: int, at: int) -> PaymentChange | None:
        """Return the change to the next idempotency key; None where another function has made it already.

        Parameters:
            stuck_attempt: the attempt whose key led to no intent.
            at: now, in seconds since the epoch.
        """
        if self.status is not PaymentStatus.PENDING or self.attempt != stuck_attempt:
            return None
        return PaymentChange(self._changed(attempt=self.attempt + 1, attempted_at=at))

    def refund_requested(self, request_id: str, record: RefundRecord) -> PaymentChange | None:
        """Return the change that records a request for a refund; None where this request was recorded before."""
        if request_id in self.refunds:
            return None
        return PaymentChange(self._changed(refunds={**self.refunds, request_id: record}))

    def refunded(self, refund: Refund) -> PaymentChange | None:
        """Return the change that a refund at Stripe makes; None where it is known, or is of another intent.

        Raises NotChargedError where the payment is not known to have succeeded.
        """
        if self.amount is None or self.user_id is None or self.status is not PaymentStatus.SUCCEEDED:
            raise NotChargedError(self.order_id)
        if refund.intent_id != self.payment_intent_id or self._knows(refund):
            return None
        request_id = refund.request_id or refund.refund_id
        record = self.refund_record_of(refund)
        result = {"refund_id": refund.refund_id, "refunded": refund.amount, "due_at": None, "failure_code": None}
        after = self._changed(refunds={**self.refunds, request_id: record.model_copy(update=result)})
        event = PaymentRefundedV2(
            order_id=self.order_id,
            user_id=self.user_id,
            refund_id=refund.refund_id,
            amount=refund.amount,
            refunded_total=Money(amount=after.amount_refunded, currency=refund.amount.currency),
            fully_refunded=after.refundable.amount == 0,
            reason=record.reason,
            request_id=refund.request_id,
        )
        return PaymentChange(after, event, event.downcast())

    def refunds_due_at(self, now: int) -> list[str]:
        """Return the requests of the refunds that are to be tried again.

        Parameters:
            now: seconds since the epoch.
        """
        return [
            request_id
            for request_id, record in self.refunds.items()
            if record.due_at is not None and record.due_at <= now
        ]

    def refund_declined(self, request_id: str, record: RefundRecord) -> PaymentChange | None:
        """Return the change that records a request of more than is left; None where it was recorded before.

        Parameters:
            request_id: the refund's request.
            record: of the request.
        """
        requested = self.refund_requested(request_id, record)
        refused = requested and requested.after.refund_refused(request_id, MORE_THAN_IS_LEFT)
        if requested is None or refused is None:
            return None
        # Both are one change.
        return PaymentChange(refused.after.model_copy(update={"sequence": requested.after.sequence}), refused.event)

    def with_next_refund_key(self, request_id: str, stuck_attempt: int, at: int) -> PaymentChange | None:
        """Return the change to the next idempotency key of a refund; None where another function has made it already.

        Parameters:
            request_id: the refund's request.
            stuck_attempt: the attempt whose key led to no refund.
            at: now, in seconds since the epoch.
        """
        record = self.refunds[request_id]
        if record.is_settled or record.attempt != stuck_attempt:
            return None
        return self._with_refund(request_id, attempt=record.attempt + 1, attempted_at=at)

    def refund_postponed(self, request_id: str, at: int) -> PaymentChange | None:
        """Return the change after a try that has failed: the sweeper tries again. The first failure is published.

        None where the refund has a result already.

        Parameters:
            request_id: the refund's request.
            at: now, in seconds since the epoch.
        """
        record = self.refunds[request_id]
        if record.is_settled or self.user_id is None:
            return None
        due_at = at + REFUND_RETRY_SECONDS
        if record.pending_since is not None:
            return self._with_refund(request_id, due_at=due_at)
        change = self._with_refund(request_id, due_at=due_at, pending_since=at)
        event = RefundPending(
            order_id=self.order_id,
            user_id=self.user_id,
            request_id=request_id,
            amount=record.requested or self.refundable,
            pending_since=datetime.fromtimestamp(at, UTC),
        )
        return PaymentChange(change.after, event)

    def refund_refused(self, request_id: str, failure_code: str) -> PaymentChange | None:
        """Return the change where Stripe refuses a refund for good; None where it has a result already.

        Parameters:
            request_id: the refund's request.
            failure_code: Stripe's.
        """
        record = self.refunds[request_id]
        if record.is_settled or self.user_id is None:
            return None
        change = self._with_refund(request_id, due_at=None, failure_code=failure_code)
        event = RefundFailed(
            order_id=self.order_id,
            user_id=self.user_id,
            request_id=request_id,
            amount=record.requested or self.refundable,
            failure_code=failure_code,
        )
        return PaymentChange(change.after, event)

    def refund_closed(self, request_id: str) -> PaymentChange | None:
        """Return the change where nothing is left to refund; None where the refund is not tried again anyway."""
        if self.refunds[request_id].due_at is None:
            return None
        return self._with_refund(request_id, due_at=None)

    def refund_record_of(self, refund: Refund) -> RefundRecord:
        """Return the record of the refund's request, or a new one where staff used Stripe's dashboard."""
        if refund.request_id in self.refunds:
            return self.refunds[refund.request_id]
        return RefundRecord(reason="DASHBOARD", correlation_id=self.correlation_id or "")

    def with_event_id_of(self, envelope: Envelope[Event]) -> Self:
        """Return the payment with the id of its PaymentSucceeded, which a repeated charge returns again.

        Parameters:
            envelope: the event of the payment's last change; any other event changes nothing.
        """
        if not isinstance(envelope.data, PaymentSucceeded):
            return self
        return self.model_copy(update={"event_id": envelope.metadata.event_id})

    def _with_refund(self, request_id: str, **changes: Any) -> PaymentChange:
        record = self.refunds[request_id].model_copy(update=changes)
        return PaymentChange(self._changed(refunds={**self.refunds, request_id: record}))

    def _knows(self, refund: Refund) -> bool:
        return any(record.refund_id == refund.refund_id for record in self.refunds.values())

    def _changed(self, intent: PaymentIntent | None = None, **changes: Any) -> Self:
        known = (
            {"payment_intent_id": intent.intent_id, "user_id": intent.user_id, "amount": intent.amount}
            if intent
            else {}
        )
        return self.model_copy(update={**known, **changes, "sequence": self.sequence + 1})

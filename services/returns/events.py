"""Subscribed events: the refund of a return is paid, or Stripe refuses it; a shopper is erased."""

from datetime import UTC, datetime

from bus.consumer import Consumer, RejectedEventError
from schemas.event import Envelope
from schemas.identity import UserDeleted
from schemas.payment import PaymentRefundedV2, RefundFailed
from services.returns.dependencies import store
from services.returns.domain import Return, ReturnMismatchError, returned_by
from services.returns.store import ReturnChange

consumer = Consumer("returns")


@consumer.on(PaymentRefundedV2)
def record_refund(event: Envelope[PaymentRefundedV2]) -> None:
    """Record the refund of a return; all other refunds are no business of this service."""
    return_id = returned_by(event.data.request_id)
    if return_id is None:
        return
    try:
        found = store().update(return_id, lambda each, _others: each.refunded(event.data, at=datetime.now(UTC)))
    except ReturnMismatchError as error:
        raise RejectedEventError(str(error)) from error
    if found is None:
        raise RejectedEventError(f"there is no return {return_id}")


@consumer.on(RefundFailed)
def record_failure(event: Envelope[RefundFailed]) -> None:
    """Record that Stripe refuses the refund of a return: staff sees it there, and payment has raised its alarm."""
    return_id = returned_by(event.data.request_id)
    if return_id is None:
        return

    def rule(each: Return, _others: object) -> ReturnChange | None:
        after = each.refund_failed(event.data.failure_code)
        return (after, None) if after else None

    if store().update(return_id, rule) is None:
        raise RejectedEventError(f"there is no return {return_id}")


@consumer.on(UserDeleted)
def forget_typed(event: Envelope[UserDeleted]) -> None:
    """Forget what an erased shopper has typed. Returns and withdrawals stay: they are a part of what was sold."""
    store().forget_typed(event.data.user_id)
